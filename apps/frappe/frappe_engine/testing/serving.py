"""A test's site served over real HTTP: the web server of `bench serve`, in processes of its own, on a loopback port.

Invariant: the server answers when the block begins and is gone, with all its processes, when it ends.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from frappe_engine.testing.sites import TestSite

STARTS_WITHIN_S, ENDS_WITHIN_S, LOOKS_EVERY_S = 60.0, 20.0, 0.05


@contextmanager
def served(site: TestSite, *, workers: int = 1, threads: int = 4) -> Iterator[str]:
    """Serve the bench of a site; gives the address (`http://127.0.0.1:<port>`), which stands for this site.

    Raises `RuntimeError` with the server's output when it does not start.
    """
    port = free_port()
    environment = {
        **os.environ,
        "EC_SERVE_PORT": str(port),
        "SITES_PATH": ".",
        "FRAPPE_PINNED_SITE": site.name,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    words = [sys.executable, "-m", "gunicorn", "-c", "python:frappe_engine.cli.gunicorn_config"]
    words += ["-w", str(workers), "--threads", str(threads), "frappe.app:application"]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            words, cwd=site.sites_path, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            _wait(process, port, output)
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(process)


def free_port() -> int:
    """Give a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, output: IO[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(LOOKS_EVERY_S)
    output.seek(0)
    raise RuntimeError(f"the server did not start: {output.read().decode(errors='replace')}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
