"""MariaDB and Redis for tests: reachable by what is announced, and gone afterwards."""

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import services, serving
from tools.layout import REPOSITORY, Bench
from tools.shell import ToolError, find_program

pytestmark = pytest.mark.services


@pytest.fixture
def place(tmp_path: Path) -> Bench:
    """Return a folder that has what the services read of a bench."""
    (tmp_path / "config").symlink_to(REPOSITORY / "config")
    return Bench(tmp_path)


def ask(running: services.Services, *where: str) -> str:
    command = [str(find_program("mariadb")), "--no-defaults", "--user=root", *where, "-Nse", "SELECT 1 + 1"]
    env = {**os.environ, "MYSQL_PWD": running.db_root_password}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.strip()


@contextlib.contextmanager
def failing_block(place: Bench) -> Iterator[services.Services]:
    with contextlib.suppress(ZeroDivisionError), services.running(place) as running:
        yield running
        raise ZeroDivisionError


def test_they_run_for_the_block_and_end_with_it_even_if_it_fails(place: Bench) -> None:
    with failing_block(place) as running:
        assert ask(running, f"--socket={running.db_socket}") == "2"
        assert ask(running, "--host=127.0.0.1", f"--port={running.db_port}") == "2"
        assert services.redis_answers(running.redis_port)
    assert serving.is_free(running.db_port)
    assert not services.redis_answers(running.redis_port)


def test_a_second_run_reuses_the_data_and_changes_the_password(place: Bench) -> None:
    with services.running(place) as first:
        pass
    made = (place.services / "mariadb" / "mysql").stat().st_ino
    with services.running(place) as second:
        assert second.db_root_password != first.db_root_password
        assert ask(second, f"--socket={second.db_socket}") == "2"
    assert (place.services / "mariadb" / "mysql").stat().st_ino == made


def test_a_port_that_somebody_took_meanwhile_is_left_to_them(place: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first, for_mariadb, for_redis = taken.getsockname()[1], services.free_port(), services.free_port()
        ports = iter([first, for_mariadb, first, for_redis])
        monkeypatch.setattr(services, "free_port", lambda: next(ports))
        with services.running(place) as running:
            assert ask(running, "--host=127.0.0.1", f"--port={running.db_port}") == "2"
            assert services.redis_answers(running.redis_port)
            assert first not in (running.db_port, running.redis_port)


def test_two_at_once_on_one_folder_are_refused(place: Bench) -> None:
    with services.running(place), pytest.raises(ToolError, match="running already"), services.running(place):
        pass


def test_no_secret_is_left_on_disk(place: Bench) -> None:
    with services.running(place) as running:
        password = running.db_root_password.encode()
    kept = [file for file in place.services.rglob("*") if file.is_file() and password in file.read_bytes()]
    assert kept == []
