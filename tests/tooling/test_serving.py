"""`bench start` serves through the Procfile, announces itself when ready, and leaves no process behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import configuration, process_tree, serving
from tools.layout import Bench
from tools.services import free_port
from tools.settings import Settings
from tools.shell import ToolError
from tools.testing import free_port_pair

SERVE = """
import sys
from pathlib import Path
from tools import serving
from tools.layout import Bench
from tools.settings import Settings
sys.exit(serving.serve(Bench(Path(sys.argv[1])), Settings(port=int(sys.argv[2])), "the-password"))
"""
PROCESSES_OF_THE_PROCFILE = 4


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield a text by which the processes of this test are known, wherever they hang; end those that are left."""
    name, value = "EC_TEST_MARK", str(uuid.uuid4())
    monkeypatch.setenv(name, value)
    yield f"{name}={value}"
    for pid in marked_processes(f"{name}={value}"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def served(bench: Bench, mark: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a serving process that has announced itself; `announcement` holds what it printed."""
    settings = Settings(port=free_port_pair())
    configuration.write(bench, settings)
    command = [sys.executable, "-c", SERVE, str(bench.root), str(settings.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        yield process
        process.kill()


def lines_until(process: subprocess.Popen[str], text: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError(f"{text!r} was not printed:\n{''.join(lines)}")


def marked_processes(mark: str) -> set[int]:
    """Return the living processes below the test whose environment holds the mark, by /proc alone."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes() and int(folder.name) != os.getpid():
                found.add(int(folder.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def test_it_announces_the_address_and_the_login(served: subprocess.Popen[str]) -> None:
    printed = "".join(lines_until(served, "Stop with Ctrl-C"))
    assert "EC ERP is ready:  http://127.0.0.1:" in printed
    assert "Administrator / the-password" in printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_every_process(served: subprocess.Popen[str], mark: str, number: int) -> None:
    lines_until(served, "Stop with Ctrl-C")
    assert len(marked_processes(mark)) > PROCESSES_OF_THE_PROCFILE
    os.killpg(served.pid, number)
    assert served.wait(timeout=30) == 0
    assert marked_processes(mark) == set()


def test_all_end_when_one_process_of_the_procfile_ends(bench: Bench, mark: str) -> None:
    (bench.root / "Procfile").write_text("web: bench serve\nbroken: sleep 1; exit 7\nother: sleep 600\n")
    settings = Settings(port=free_port_pair())
    configuration.write(bench, settings)
    command = [sys.executable, "-c", SERVE, str(bench.root), str(settings.port)]
    assert subprocess.run(command, stdout=subprocess.DEVNULL, timeout=30, check=False).returncode == 7
    assert marked_processes(mark) == set()


def test_all_end_when_the_starter_itself_is_killed(served: subprocess.Popen[str], mark: str) -> None:
    lines_until(served, "Stop with Ctrl-C")
    managed = {pid for pid in marked_processes(mark) if "sleep" not in command_line(pid)}
    served.kill()
    served.wait()
    deadline = time.monotonic() + 20
    while managed & marked_processes(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert managed & marked_processes(mark) == set()


def test_a_process_that_hides_and_ignores_sigterm_is_killed(tmp_path: Path, mark: str) -> None:
    hiding = "(trap '' TERM; setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' & ) ; sleep 1"
    code = f"""
from pathlib import Path
import os
from tools import process_tree
process_tree.supervise(["sh", "-c", {hiding!r}], env=os.environ, cwd=Path("."), each_tick=lambda: None, grace_s=1)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
    assert marked_processes(mark) == set()


def test_a_taken_port_is_refused_before_anything_is_done() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ToolError, match=f"port {port} is in use"):
            serving.check(Settings(port=port))


def test_nothing_answers_where_nothing_listens() -> None:
    assert not serving.answers(free_port())


def test_a_server_that_is_not_a_site_does_not_count_as_ready(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    program = process_tree.start(command, env=os.environ, output=(tmp_path / "log").open("wb"))
    try:
        while serving.is_free(port):
            time.sleep(0.05)
        assert not serving.answers(port)
    finally:
        process_tree.end(program)
