"""A log that all processes of a bench write into and read on: what each transaction changed, one line each.

A file that only grows tells a reader by its length whether there is anything new: one look at the folder per request.
When it has become long, a new file takes its place; readers of the old one then take it that everything changed.

Invariant: a line that was appended is read by every process, or replaced for it by "everything changed".
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Iterable
from json.encoder import encode_basestring_ascii

LONGEST_BYTES = 4 << 20
HEAD_BYTES = 33  # the file's own name for itself, and the end of its line
Position = tuple[str, int]  # which file, and how far it was read


class ChangeLog:
    """Lists of keys, kept in order in a file until it is too long."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._lock = threading.Lock()  # the descriptor must not be closed while another thread writes to it
        self._file: int | None = None
        self._inode = 0
        self._identity = ""

    def append(self, keys: Iterable[str]) -> None:
        """Add the keys that a transaction changed. Raises `OSError` where the file can't be written."""
        line = f"[{', '.join(map(encode_basestring_ascii, keys))}]\n".encode()
        with self._lock:
            while True:
                file = self._opened() if self._file is None else self._file
                written = os.write(file, line)
                status = self._status_written(file)
                if status.st_nlink:
                    break
                self._close()  # another process has put a new file in its place, maybe before this was written
            if written < len(line) or status.st_size > LONGEST_BYTES:
                self._begin_anew()

    def position(self) -> Position:
        """Give where the log ends now."""
        with self._lock:
            self._follow()
            size = os.fstat(self._opened()).st_size
            return self._identity, size

    def since(self, position: Position) -> tuple[Position, list[str] | None]:
        """Give where the log ends now, and the keys added since a position; None where all may have changed."""
        with self._lock:
            identity, start = position
            status = self._follow()
            if status is not None and identity == self._identity and status.st_size == start:
                return position, []
            file = self._opened()
            size = os.fstat(file).st_size
            if identity != self._identity or size < start:
                return (self._identity, size), None
            added = os.pread(file, size - start, start)
            added = added[: added.rfind(b"\n") + 1]  # the last line may still be on its way
            return (identity, start + len(added)), _keys_in(added)

    def _follow(self) -> os.stat_result | None:
        """Turn to the file that is there now."""
        status = self._status()
        if status is None or status.st_ino != self._inode:
            self._close()
        return status

    def _status(self) -> os.stat_result | None:
        try:
            return os.stat(self.path)
        except FileNotFoundError:
            return None

    @staticmethod
    def _status_written(file: int) -> os.stat_result:
        """Look at the file itself after writing: one that another has replaced has no name any more."""
        return os.fstat(file)

    def _opened(self) -> int:
        while self._file is None:
            try:
                self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            except FileNotFoundError:
                self._begin_anew()
                continue
            self._inode = os.fstat(self._file).st_ino
            self._identity = os.pread(self._file, HEAD_BYTES - 1, 0).decode()
        return self._file

    def _begin_anew(self) -> None:
        """Put a new file in the place of the old one."""
        identity = uuid.uuid4().hex
        draft = f"{self.path}.{identity}"
        file = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, f"{identity}\n".encode())
        finally:
            os.close(file)
        os.replace(draft, self.path)
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file, self._identity = None, ""


def _keys_in(lines: bytes) -> list[str] | None:
    """Give the keys of all lines; None where one was not written to its end."""
    try:
        return [key for line in lines.splitlines() for key in json.loads(line)]
    except ValueError:
        return None
