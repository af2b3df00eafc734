"""The realtime server hears what is told, also after somebody cleared the folder of the bus."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from frappe_engine.http.realtime import RealtimeServer
from frappe_engine.jobs import bus, realtime

LONGEST_S = 10


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Yield what a listening server has heard."""
    (tmp_path / "common_site_config.json").write_text("{}")
    messages: list[bytes] = []
    monkeypatch.setattr(RealtimeServer, "carry", lambda _self, content: messages.append(content))
    server = RealtimeServer(str(tmp_path), application=object())
    thread = threading.Thread(target=server.listen)
    thread.start()
    assert server.listening.wait(LONGEST_S)
    yield messages
    server.ended.set()
    thread.join(LONGEST_S)
    assert not thread.is_alive()
    assert bus.listeners(str(tmp_path), realtime.BUS_KIND) == []


def tell(sites: Path, word: bytes, heard: list[bytes]) -> None:
    """Say a word until it is heard."""
    until = time.monotonic() + LONGEST_S
    while word not in heard and time.monotonic() < until:
        bus.send(str(sites), realtime.BUS_KIND, [word])
        time.sleep(0.05)
    assert word in heard


def test_it_hears_again_after_its_socket_was_removed(tmp_path: Path, heard: list[bytes]) -> None:
    tell(tmp_path, b"before", heard)
    for name in bus.listeners(str(tmp_path), realtime.BUS_KIND):
        (tmp_path / bus.FOLDER / name).unlink()
    tell(tmp_path, b"after", heard)


def test_a_listener_is_found_that_comes_after_a_quiet_time(tmp_path: Path) -> None:
    sites, kind = str(tmp_path), "sample"
    with bus.Listener(sites, kind):
        for _twice in range(2):
            os.utime(tmp_path / bus.FOLDER, (1, 1))  # nothing has changed for long
            assert len(bus.listeners(sites, kind)) == 1
        with bus.Listener(sites, kind) as second:
            assert bus.send(sites, kind, [b"word"]) == 2
            assert second.receive() == [b"word"]
        assert len(bus.listeners(sites, kind)) == 1


def test_who_begins_to_listen_is_found_soon_where_nobody_did(tmp_path: Path) -> None:
    sites, kind = str(tmp_path), "sample"
    assert not bus.anybody_listens(sites, kind)
    with bus.Listener(sites, kind):
        assert bus.anybody_listens(sites, kind)
    assert not bus.anybody_listens(sites, kind)
    (tmp_path / bus.FOLDER / f"{kind}-1-0.sock").touch()  # as another process does
    until = time.monotonic() + LONGEST_S
    while not bus.anybody_listens(sites, kind) and time.monotonic() < until:
        time.sleep(bus.NOBODY_FOR_S / 4)
    assert bus.anybody_listens(sites, kind)
