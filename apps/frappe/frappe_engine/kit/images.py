"""Pictures without what cameras note in them: where and when they were taken, and with what.

Invariant: the picture itself stays as it is, byte for byte, and stands upright as before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_EXIF = b"Exif\x00\x00"
_START_OF_SCAN, _APP1, _APP13 = 0xDA, 0xE1, 0xED
_ORIENTATION = 0x0112


def without_notes(content: bytes) -> bytes:
    """Give a JPEG or PNG picture without EXIF, XMP and IPTC notes; anything else, and what can't be read, as it is.

    How the picture is to be turned is kept.
    """
    try:
        if content.startswith(_JPEG):
            return _plain_jpeg(content)
        if content.startswith(_PNG):
            return _plain_png(content)
    except (struct.error, IndexError):
        return content
    return content


def _plain_jpeg(content: bytes) -> bytes:
    kept = [_JPEG]
    for marker, segment in _segments(content):
        if marker in (_APP1, _APP13):
            turned = _turned(segment[4:])
            if turned > 1:
                kept.insert(1, _note_of(turned))
            continue
        kept.append(segment)
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG after its head; the picture itself is the last one."""
    place = 2
    while place < len(content):
        if content[place] != 0xFF:
            raise IndexError(place)
        marker = content[place + 1]
        if marker == _START_OF_SCAN:
            yield marker, content[place:]
            return
        length = struct.unpack(">H", content[place + 2 : place + 4])[0]
        yield marker, content[place : place + 2 + length]
        place += 2 + length


def _turned(note: bytes) -> int:
    """The orientation (1 to 8) that an EXIF note gives, 0 for none."""
    if not note.startswith(_EXIF):
        return 0
    tiff = note[len(_EXIF) :]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    start = struct.unpack(f"{order}I", tiff[4:8])[0]
    count = struct.unpack(f"{order}H", tiff[start : start + 2])[0]
    for number in range(count):
        entry = tiff[start + 2 + number * 12 : start + 14 + number * 12]
        tag, _kind, _number, value = struct.unpack(f"{order}HHIH", entry[:10])
        if tag == _ORIENTATION and 1 <= value <= 8:
            return int(value)
    return 0


def _note_of(turned: int) -> bytes:
    tiff = b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = _EXIF + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _plain_png(content: bytes) -> bytes:
    kept, place = [_PNG], len(_PNG)
    while place < len(content):
        length = struct.unpack(">I", content[place : place + 4])[0]
        chunk = content[place : place + 12 + length]
        if chunk[4:8] != b"eXIf":
            kept.append(chunk)
        place += 12 + length
    return b"".join(kept)
