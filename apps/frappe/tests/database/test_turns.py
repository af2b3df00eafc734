"""Turns of writers: one at a time, in the order in which they came, and never lost with a process that dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from frappe_engine.database import turns
from frappe_engine.database.turns import forget_queue, write_queue

HOLD = "from frappe_engine.database.turns import write_queue; q = write_queue({path!r}); q.acquire(); print('mine', flush=True); input()"
TAKE_OFTEN = """
from frappe_engine.database.turns import write_queue
import time
q = write_queue({path!r})
print("ready", flush=True)
input()
for _time in range(30):
    q.acquire()
    time.sleep(0.02)
    with open({log!r}, "a") as file:
        file.write({name!r})
    q.release()
"""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[str]:
    name = str(tmp_path / "site.db")
    yield name
    forget_queue(name)


def run(program: str, **names: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", program.format(**names)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_threads_have_it_one_at_a_time(path: str) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _time in range(20):
            assert write_queue(path).acquire()
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.0005)
            inside.pop()
            write_queue(path).release()

    threads = [threading.Thread(target=work) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(most) == 80
    assert max(most) == 1


def test_processes_take_turns(path: str, tmp_path: Path) -> None:
    log = str(tmp_path / "log")
    both = [run(TAKE_OFTEN, path=path, log=log, name=name) for name in "ab"]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait(30) for process in both] == [0, 0]
    order = Path(log).read_text()
    assert sorted(order) == ["a"] * 30 + ["b"] * 30
    until_one_is_done = order[: min(order.rindex("a"), order.rindex("b"))]
    assert min(map(until_one_is_done.count, "ab")) >= 10, order


def test_a_process_that_is_killed_leaves_its_turn(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT_S", 0.2)
    holder = run(HOLD, path=path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    assert not write_queue(path).acquire()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait(10)
    assert write_queue(path).acquire()
    write_queue(path).release()


def test_a_forked_process_has_a_turn_of_its_own(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT_S", 0.2)
    queue = write_queue(path)
    assert queue.acquire()
    queue.release()  # the files are open now, and the child has them too
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"1" if queue.acquire() else b"0")
        time.sleep(20)
        os._exit(0)
    assert os.read(reading, 1) == b"1"
    assert not queue.acquire()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert queue.acquire()
    queue.release()


def test_who_died_while_waiting_keeps_nobody_in_line(path: str) -> None:
    queue = write_queue(path)
    assert queue.acquire()
    waiting = run(HOLD, path=path)
    assert queue._files is not None
    sign = queue._files[2]
    until = time.monotonic() + 20
    while sign[0] == turns.NOBODY_WAITS and time.monotonic() < until:
        time.sleep(0.01)
    assert sign[0] == turns.SOMEBODY_WAITS
    os.kill(waiting.pid, signal.SIGKILL)
    waiting.wait(10)
    queue.release()
    for _again in range(2):
        assert queue.acquire()
        queue.release()
    assert sign[0] == turns.NOBODY_WAITS


def test_files_are_closed_with_the_database(path: str) -> None:
    queue = write_queue(path)
    assert queue.acquire()
    queue.release()
    assert queue._files is not None
    files = queue._files
    forget_queue(path)
    for file in files[:2]:
        with pytest.raises(OSError, match="Bad file"):
            os.fstat(file)
