"""Telling other processes of this bench something at once, without a server: Unix datagrams between them.

A listener binds a socket below `sites/.bus`; a sender writes to every socket of a kind. Messages to nobody are dropped:
who must not miss anything looks into the database too.

Invariant: sending never blocks for long and never fails because of a listener.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import socket
import time
import uuid
from collections.abc import Iterable

FOLDER = ".bus"
SPILL = "spill"
LARGEST_DATAGRAM = 60_000
SEND_WAIT_S = 0.1
SPILL_KEPT_S = 60.0
SETTLED_NS = 2 * 10**9
_numbers = itertools.count()
_known_folders: dict[str, tuple[tuple[int, int, int], list[str]]] = {}
NOBODY_FOR_S = 0.02  # so long nobody is taken to listen where nobody did
_nobody_until: dict[tuple[str, str], float] = {}


def _folder(sites_path: str) -> str:
    return os.path.join(os.path.abspath(sites_path), FOLDER)


class Listener:
    """A socket that gets every message of one kind; use it in a with-block or close it."""

    def __init__(self, sites_path: str, kind: str) -> None:
        folder = _folder(sites_path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        remove_dead(sites_path)
        self._pid = os.getpid()
        self._directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._name = f"{kind}-{self._pid}-{next(_numbers)}.sock"
        self._path = os.path.join(folder, self._name)
        self._spill = os.path.join(folder, SPILL)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(_address(self._directory, self._name))
        self.socket.setblocking(False)
        _nobody_until.clear()

    def fileno(self) -> int:
        """Give the descriptor to wait on."""
        return self.socket.fileno()

    def is_reachable(self) -> bool:
        """Tell whether senders still find it: somebody may have cleared the folder."""
        return os.path.exists(self._path)

    def receive(self) -> list[bytes]:
        """Give the messages that came; [] when none did."""
        messages: list[bytes] = []
        while True:
            try:
                message = self.socket.recv(LARGEST_DATAGRAM + 1024)
            except BlockingIOError:
                return messages
            messages.append(self._spilled(message[1:]) if message[:1] == b"@" else message[1:])

    def _spilled(self, name: bytes) -> bytes:
        try:
            with open(os.path.join(self._spill, os.path.basename(name.decode())), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def close(self) -> None:
        """Stop listening."""
        if self._pid != os.getpid():  # a child that inherited the socket must not remove it
            self.socket.close()
            return
        self.socket.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path)
        os.close(self._directory)

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _address(directory: int, name: str) -> str:
    """A short name for a socket: paths of sockets are limited to 107 bytes, paths of benches are not."""
    return f"/proc/self/fd/{directory}/{name}"


def listeners(sites_path: str, kind: str) -> list[str]:
    """Give the sockets that listen for a kind."""
    names = _names_in(f"{sites_path}/{FOLDER}")
    return names and [name for name in names if name.startswith(f"{kind}-") and name.endswith(".sock")]


def anybody_listens(sites_path: str, kind: str) -> bool:
    """Tell whether a message of a kind reaches anybody; one that begins to listen may miss those of its first moment."""
    key, now = (sites_path, kind), time.monotonic()
    if now < _nobody_until.get(key, 0.0):
        return False
    if listeners(sites_path, kind):
        return True
    _nobody_until[key] = now + NOBODY_FOR_S
    return False


def _names_in(folder: str) -> list[str]:
    """Read a folder, unless it is as it was when it was read last."""
    try:
        status = os.stat(folder)
    except FileNotFoundError:
        return []
    state = (status.st_dev, status.st_ino, status.st_mtime_ns)
    known = _known_folders.get(folder)
    if known is not None and known[0] == state:
        return known[1]
    names = os.listdir(folder)
    if time.time_ns() - status.st_mtime_ns > SETTLED_NS:  # a change right after this one might bear the same time
        _known_folders[folder] = (state, names)
    return names


def send(sites_path: str, kind: str, messages: Iterable[bytes]) -> int:
    """Send messages to everybody who listens for their kind; give the number of listeners."""
    names = listeners(sites_path, kind)
    if not names:
        return 0
    folder = _folder(sites_path)
    reached = 0
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        datagrams = [_datagram(folder, message) for message in messages]
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(SEND_WAIT_S)
            for name in names:
                reached += _send_to(sender, directory, folder, name, datagrams)
    finally:
        os.close(directory)
    return reached


def _datagram(folder: str, message: bytes) -> bytes:
    if len(message) <= LARGEST_DATAGRAM:
        return b"=" + message
    spill = os.path.join(folder, SPILL)
    os.makedirs(spill, mode=0o700, exist_ok=True)
    _remove_old(spill)
    name = uuid.uuid4().hex
    with open(os.path.join(spill, f"{name}.part"), "wb") as file:
        file.write(message)
    os.rename(os.path.join(spill, f"{name}.part"), os.path.join(spill, name))
    return b"@" + name.encode()


def _remove_old(spill: str) -> None:
    oldest = time.time() - SPILL_KEPT_S
    for entry in os.scandir(spill):
        with contextlib.suppress(FileNotFoundError):
            if entry.stat().st_mtime < oldest:
                os.unlink(entry.path)


def _send_to(sender: socket.socket, directory: int, folder: str, name: str, datagrams: list[bytes]) -> bool:
    try:
        for datagram in datagrams:
            sender.sendto(datagram, _address(directory, name))
    except TimeoutError:
        return False  # it does not read: it misses this, and finds out by itself
    except OSError as error:
        if error.errno == errno.ECONNREFUSED:  # its process is gone
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(folder, name))
        elif error.errno not in (errno.ENOENT, errno.ENOTSOCK, errno.EAGAIN, errno.ENOBUFS):
            raise
        return False
    return True


def remove_dead(sites_path: str) -> None:
    """Remove the sockets of processes that are gone."""
    folder = _folder(sites_path)
    if not os.path.isdir(folder):
        return
    for name in os.listdir(folder):
        if not name.endswith(".sock"):
            continue
        pid = name.rsplit("-", 2)[-2]
        if pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(folder, name))
