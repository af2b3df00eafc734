"""The log by which processes learn what others changed: nothing is lost, also when a new file takes its place."""

import multiprocessing
import os
import uuid
from pathlib import Path

import pytest
from frappe_engine.context.caches import backends, changes
from frappe_engine.context.caches.changes import ChangeLog


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "changes")


def test_a_reader_gets_what_came_since_its_last_look(path: str) -> None:
    writer, reader = ChangeLog(path), ChangeLog(path)
    begin = reader.position()
    writer.append(["doc|ToDo|a", "doc|Note|two\nlines"])
    after, keys = reader.since(begin)
    assert keys == ["doc|ToDo|a", "doc|Note|two\nlines"]
    assert reader.since(after) == (after, [])
    reader.append(["single|ToDo"])
    assert writer.since(after)[1] == ["single|ToDo"]


def test_everything_changed_for_a_reader_of_a_file_that_was_replaced(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LONGEST_BYTES", 100)
    writer, reader = ChangeLog(path), ChangeLog(path)
    begin = reader.position()
    for number in range(10):
        writer.append([f"doc|ToDo|{number}"])
    now, keys = reader.since(begin)
    assert keys is None
    writer.append(["a"])
    assert reader.since(now)[1] == ["a"]
    assert os.path.getsize(path) < 200
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]


def test_a_file_that_was_removed_begins_anew(path: str) -> None:
    writer, reader = ChangeLog(path), ChangeLog(path)
    writer.append(["a"])
    begin = reader.position()
    os.unlink(path)
    now, keys = reader.since(begin)
    assert keys is None
    writer.append(["b"])
    assert reader.since(now)[1] == ["b"]


def test_a_line_on_its_way_waits_and_a_broken_one_means_everything(path: str) -> None:
    reader = ChangeLog(path)
    begin = reader.position()
    with open(path, "ab") as file:
        file.write(b'["a"]\n["b')
    after, keys = reader.since(begin)
    assert keys == ["a"]
    with open(path, "ab") as file:
        file.write(b'"]\n')
    assert reader.since(after)[1] == ["b"]
    with open(path, "ab") as file:
        file.write(b'["c["d"]\n')
    assert reader.since(after)[1] is None


def test_what_was_written_while_the_file_was_replaced_is_in_the_new_one(path: str) -> None:
    other = ChangeLog(path)
    replaced: list[changes.Position] = []

    class Overtaken(ChangeLog):
        @staticmethod
        def _status_written(file: int) -> os.stat_result:
            if not replaced:
                other._begin_anew()
                replaced.append(other.position())
            return ChangeLog._status_written(file)

    Overtaken(path).append(["a"])
    assert other.since(replaced[0])[1] == ["a"]


def _write(path: str, name: str) -> None:
    log = ChangeLog(path)
    for number in range(300):
        log.append([f"{name}-{number}"])


def test_a_reader_misses_nothing_while_processes_write(path: str) -> None:
    reader = ChangeLog(path)
    position = reader.position()
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write, args=(path, name)) for name in "abc"]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    while any(writer.is_alive() for writer in writers):
        position, keys = reader.since(position)
        seen += keys or []
    seen += reader.since(position)[1] or []
    assert sorted(seen) == sorted(f"{name}-{number}" for name in "abc" for number in range(300))
    assert [key for key in seen if key.startswith("a-")] == [f"a-{number}" for number in range(300)]


@pytest.mark.services
@pytest.mark.skipif(not os.environ.get("EC_TEST_REDIS"), reason="needs a Redis (make test-services)")
def test_the_log_on_redis_stays_short_and_tells_when_it_was_too_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "KEPT_INVALIDATIONS", 5)
    backend = backends.RedisBackend(os.environ["EC_TEST_REDIS"], prefix=f"test-{uuid.uuid4().hex}")
    begin = backend.last()
    backend.publish(["a", "b"])
    after, keys = backend.poll(begin)
    assert (keys, backend.poll(after)) == (["a", "b"], (after, []))
    backend.publish([str(number) for number in range(6)])
    assert backend.redis.llen(backend._key(backend.LOG)) == 5
    last, keys = backend.poll(after)
    assert (last - after, keys) == (6, None)
    backend.redis.delete(*map(backend._key, (backend.LOG, backend.COUNT)))
    assert backend.poll(last) == (0, None)
