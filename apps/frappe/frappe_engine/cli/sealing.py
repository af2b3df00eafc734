"""Encrypting backups with the site's key, as streams: AES-256-GCM in pieces, each bound to its place.

A sealed file is the mark, a salt, and pieces of a nonce counter; the last piece is marked, so a file that was cut off,
reordered or changed is refused. The key is derived from the site's key by HKDF-SHA256 (RFC 5869); the construction is
STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015).

Invariant: nothing is given out of a piece that was not verified.
"""

from __future__ import annotations

import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from frappe_engine.context.errors import ValidationError

MARK = b"ECSEAL1\n"
SALT_BYTES = 16
PREFIX_BYTES = 7
PIECE_BYTES = 1 << 20
TAG_BYTES = 16
MIDDLE, LAST = b"\0", b"\1"


class SealError(ValidationError):
    """A sealed file does not fit the key, or was changed."""


def _cipher(key: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"ec-erp backup").derive(key.encode()))


def _nonce(prefix: bytes, number: int, place: bytes) -> bytes:
    return prefix + number.to_bytes(4, "big") + place


def seal(source: IO[bytes], target: IO[bytes], key: str) -> None:
    """Encrypt a stream with a key of any text."""
    salt, prefix = os.urandom(SALT_BYTES), os.urandom(PREFIX_BYTES)
    cipher = _cipher(key, salt)
    target.write(MARK + salt + prefix)
    piece, number = source.read(PIECE_BYTES), 0
    while True:
        following = source.read(PIECE_BYTES)
        target.write(cipher.encrypt(_nonce(prefix, number, MIDDLE if following else LAST), piece, MARK))
        if not following:
            return
        piece, number = following, number + 1


def unseal(source: IO[bytes], target: IO[bytes], key: str) -> None:
    """Decrypt a stream that `seal` wrote. Raises `SealError` when the key is another one or the file was changed."""
    if source.read(len(MARK)) != MARK:
        raise SealError("The file is not an encrypted backup of this runtime")
    salt, prefix = source.read(SALT_BYTES), source.read(PREFIX_BYTES)
    cipher, number = _cipher(key, salt), 0
    piece = source.read(PIECE_BYTES + TAG_BYTES)
    while True:
        following = source.read(PIECE_BYTES + TAG_BYTES)
        try:
            target.write(cipher.decrypt(_nonce(prefix, number, MIDDLE if following else LAST), piece, MARK))
        except InvalidTag as error:
            raise SealError("The encryption key does not fit, or the file was changed or cut off") from error
        if not following:
            return
        piece, number = following, number + 1


def is_sealed(path: str) -> bool:
    """Tell whether a file was written by `seal`."""
    with open(path, "rb") as file:
        return file.read(len(MARK)) == MARK
