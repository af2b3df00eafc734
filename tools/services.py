"""A MariaDB and a Redis of our own for tests and benchmarks, apart from any the system runs.

Invariant: they listen on loopback ports of their own, keep all files below the bench's .services folder, and end with
the block that started them, also when it fails or this process is killed.
"""

import contextlib
import functools
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import debian, locking, process_tree
from tools.layout import Bench
from tools.shell import ToolError, find_program, output_of, say

PACKAGES = ("mariadb-server", "redis-server")
LONGEST_SOCKET_PATH = 100
START_LIMIT_S = 60.0
PORT_ATTEMPTS = 5
PORT_TAKEN = "Address already in use"  # as Redis and MariaDB write it into their logs


@dataclass(frozen=True)
class Services:
    """How to reach the running services."""

    db_socket: str
    db_port: int
    db_root_password: str
    redis_port: int

    def environment(self) -> dict[str, str]:
        """Return the variables by which tests and benchmarks find the services (see docs/install.md)."""
        return {
            "EC_TEST_DB": "mariadb",
            "EC_TEST_DB_HOST": "127.0.0.1",
            "EC_TEST_DB_PORT": str(self.db_port),
            "EC_TEST_DB_SOCKET": self.db_socket,
            "EC_TEST_DB_ROOT_PASSWORD": self.db_root_password,
            "EC_TEST_REDIS": f"redis://127.0.0.1:{self.redis_port}",
        }


@contextlib.contextmanager
def running(bench: Bench) -> Iterator[Services]:
    """Run MariaDB and Redis for the length of the block; raises ToolError when they are missing or don't start."""
    require_programs()
    refusal = f"services of this bench are running already (lock: {bench.services}/lock)"
    with locking.exclusive(bench.services / "lock", refusal=refusal), socket_folder(bench) as sockets:
        db_socket, password = str(sockets / "mariadb.sock"), secrets.token_urlsafe(16)
        with mariadb(bench, db_socket, password) as db_port, redis(bench) as redis_port:
            say(f"MariaDB on port {db_port}, Redis on port {redis_port}")
            yield Services(db_socket, db_port, password, redis_port)


def require_programs() -> None:
    """Make sure that the servers are installed, by whatever way."""
    if find_program("mariadbd", "mysqld") is None or find_program("redis-server") is None:
        debian.require(PACKAGES, purpose="the services")


@contextlib.contextmanager
def mariadb(bench: Bench, db_socket: str, root_password: str) -> Iterator[int]:
    """Run a MariaDB on its own data folder, with a root password that holds for this run; yield its port."""
    folder = bench.services / "mariadb"
    if not (folder / "mysql").is_dir():
        create_database_folder(folder)
    with secret_file(bench.services / "root.sql", root_statements(root_password)) as first_statements:
        command = [*database_command(bench, db_socket, folder), f"--init-file={first_statements}"]
        client = find_program("mariadb-admin", "mysqladmin")
        probe = [str(client), "--no-defaults", "--user=root", f"--socket={db_socket}", "ping"]
        password = {**os.environ, "MYSQL_PWD": root_password}
        with server_on_free_port(
            lambda port: [*command, f"--port={port}"],
            bench.services / "mariadb.log",
            lambda _port: output_of(probe, env=password) is not None,
        ) as port:
            yield port


def create_database_folder(folder: Path) -> None:
    """Make the data folder of a new MariaDB; a half-made one is thrown away."""
    shutil.rmtree(folder, ignore_errors=True)
    draft = folder.with_name("mariadb.new")
    shutil.rmtree(draft, ignore_errors=True)
    program = find_program("mariadb-install-db", "mysql_install_db")
    options = [*user_option(), f"--datadir={draft}", "--auth-root-authentication-method=normal", "--skip-test-db"]
    say("making a data folder for MariaDB")
    if output_of([str(program), "--no-defaults", *options]) is None:
        raise ToolError(f"mariadb-install-db could not make {folder}")
    draft.rename(folder)


def database_command(bench: Bench, db_socket: str, folder: Path) -> list[str]:
    """Return the command line of the database server, but for its port."""
    return [
        str(find_program("mariadbd", "mysqld")),
        f"--defaults-file={bench.root / 'config' / 'mariadb.cnf'}",
        *user_option(),
        f"--datadir={folder}",
        f"--socket={db_socket}",
        f"--pid-file={folder / 'server.pid'}",
    ]


def root_statements(password: str) -> str:
    """Return the SQL that lets root in, by the socket and by TCP, with this run's password only."""
    return "\n".join(
        f"CREATE USER IF NOT EXISTS root@'{host}' IDENTIFIED BY '{password}';\n"
        f"ALTER USER root@'{host}' IDENTIFIED BY '{password}';\n"
        f"GRANT ALL PRIVILEGES ON *.* TO root@'{host}' WITH GRANT OPTION;"
        for host in ("localhost", "127.0.0.1")
    )


def user_option() -> list[str]:
    """Return the option without which MariaDB refuses to run as root."""
    return ["--user=root"] if os.geteuid() == 0 else []


@contextlib.contextmanager
def redis(bench: Bench) -> Iterator[int]:
    """Run a Redis that keeps nothing on disk; yield its port."""
    command = [str(find_program("redis-server")), str(bench.root / "config" / "redis.conf"), "--port"]
    with server_on_free_port(lambda port: [*command, str(port)], bench.services / "redis.log", redis_answers) as port:
        yield port


def redis_answers(port: int) -> bool:
    """Say whether a Redis answers a ping on the port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


@contextlib.contextmanager
def server_on_free_port(command: Callable[[int], list[str]], log: Path, is_up: Callable[[int], bool]) -> Iterator[int]:
    """Run one server until the block ends and yield its port; another port is tried where somebody was faster."""
    with contextlib.ExitStack() as stack:
        for attempts_left in reversed(range(PORT_ATTEMPTS)):
            port = free_port()
            try:
                stack.enter_context(server(command(port), log, functools.partial(is_up, port)))
                break
            except ToolError:
                if not attempts_left or PORT_TAKEN not in log.read_text(errors="replace"):
                    raise
        yield port


@contextlib.contextmanager
def server(command: list[str], log: Path, is_up: Callable[[], bool]) -> Iterator[None]:
    """Run one server until the block ends; raises ToolError with the end of its log when it does not come up."""
    with log.open("wb") as output:
        program = process_tree.start(command, env=os.environ, output=output)
    try:
        deadline = time.monotonic() + START_LIMIT_S
        while not is_up():
            if program.poll() is not None or time.monotonic() > deadline:
                raise ToolError(f"{Path(command[0]).name} did not start:\n{last_lines(log)}")
            time.sleep(process_tree.TICK_S)
        yield
    finally:
        process_tree.end(program, grace_s=START_LIMIT_S)


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


@contextlib.contextmanager
def socket_folder(bench: Bench) -> Iterator[Path]:
    """Yield a folder for sockets: a short-named one elsewhere where the bench's path is too long for a socket."""
    if len(str(bench.services / "mariadb.sock")) <= LONGEST_SOCKET_PATH:
        yield bench.services
        return
    with tempfile.TemporaryDirectory(prefix="ec-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def secret_file(file: Path, text: str) -> Iterator[Path]:
    """Keep a text in a file only its owner can read, for the length of the block."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    try:
        file.write_text(text, encoding="utf-8")
        yield file
    finally:
        file.unlink(missing_ok=True)


def free_port() -> int:
    """Return a loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
