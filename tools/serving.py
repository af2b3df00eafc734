"""Serves the bench with the real `bench start` and says when it is ready.

Invariant: "ready" is printed only after the site itself has answered a request.
"""

import contextlib
import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tools import process_tree
from tools.layout import Bench
from tools.settings import Settings
from tools.shell import ToolError, warn

PING = "/api/method/ping"
SLOW_AFTER_S = 60.0
FOREIGN_BENCH = Path("/etc/frappe_bench_dir")


def serve(bench: Bench, settings: Settings, password: str | None) -> int:
    """Serve until Ctrl-C or until a process of the Procfile ends; returns the exit status."""
    ready = Readiness(settings, password)
    command = [str(bench.command), "start"]
    return process_tree.supervise(command, env=bench.environment(), cwd=bench.root, each_tick=ready.look)


def check(settings: Settings) -> None:
    """Raise ToolError when the bench can't be served here: a port is taken, or bench would work elsewhere."""
    for port in (settings.port, settings.realtime_port):
        if not is_free(port):
            raise ToolError(f"port {port} is in use or not permitted; choose another one: make start PORT={port + 10}")
    if FOREIGN_BENCH.exists():
        raise ToolError(f"{FOREIGN_BENCH} sends the bench command to another bench; move that file away first")


def is_free(port: int) -> bool:
    """Say whether a server could listen on the port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Readiness:
    """Watches a starting site and announces it once."""

    def __init__(self, settings: Settings, password: str | None) -> None:
        self.settings = settings
        self.password = password
        self.started = time.monotonic()
        self.announced = False
        self.complained = False

    def look(self) -> None:
        """Announce the site as soon as it answers; complain once when that takes unusually long."""
        if self.announced:
            return
        if answers(self.settings.port):
            self.announced = True
            print(announcement(self.settings, self.password), flush=True)
        elif not self.complained and time.monotonic() - self.started > SLOW_AFTER_S:
            self.complained = True
            warn(f"{self.settings.url} has not answered for {SLOW_AFTER_S:.0f} s; see the messages above")


def answers(port: int) -> bool:
    """Say whether the site answers a ping as it should."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", PING)
        response = connection.getresponse()
        return response.status == 200 and json.loads(response.read()) == {"message": "pong"}
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


def announcement(settings: Settings, password: str | None) -> str:
    """Return what the user needs to go on."""
    shown = password or "the password you chose when you made the site"
    lines = (f"EC ERP is ready:  {settings.url}", f"Log in as:        Administrator / {shown}", "Stop with Ctrl-C.")
    frame = "=" * max(map(len, lines))
    return "\n".join(("", frame, *lines, frame))


@contextlib.contextmanager
def in_background(bench: Bench, settings: Settings) -> Iterator[None]:
    """Serve for the length of the block, with the output in logs/start.log; every process ends with the block."""
    check(settings)
    process_tree.adopt_orphans()
    log = bench.root / "logs" / "start.log"
    with log.open("wb") as output:
        program = process_tree.start([bench.command, "start"], env=bench.environment(), cwd=bench.root, output=output)
    try:
        wait_until_ready(program, settings, log)
        yield
    finally:
        process_tree.end(program)
        process_tree.end_descendants()


def wait_until_ready(program: subprocess.Popen[bytes], settings: Settings, log: Path) -> None:
    """Return when the site answers; raises ToolError with the end of the log when it does not."""
    deadline = time.monotonic() + SLOW_AFTER_S
    while not answers(settings.port):
        if program.poll() is not None or time.monotonic() > deadline:
            end_of_log = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise ToolError(f"{settings.url} does not answer:\n{end_of_log}")
        time.sleep(process_tree.TICK_S)
