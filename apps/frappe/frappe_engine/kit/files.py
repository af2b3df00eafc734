"""Facts about files that need no site: safe paths, sizes in words, base64, compression.

Invariant: nothing here writes.
"""

from __future__ import annotations

import os
from typing import Any


def is_inside(path: str, folder: str) -> bool:
    """Tell whether `path` (links followed) lies in `folder`."""
    root = os.path.realpath(folder)
    return os.path.commonpath([os.path.realpath(path), root]) == root


def size_in_words(size_bytes: float) -> str:
    """Write a number of bytes as people read it: 1536 is "1.5KiB"."""
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if abs(size_bytes) < 1024 or unit == "TiB":
            return f"{size_bytes:.1f}{unit}"
        size_bytes /= 1024
    raise AssertionError("the loop ends with TiB")


def file_or_folder_size(path: str) -> int:
    """Give the bytes of a file, or of all files below a folder (links not followed)."""
    if not os.path.isdir(path):
        return os.path.getsize(path)
    total = 0
    for folder, _folders, names in os.walk(path):
        for name in names:
            full = os.path.join(folder, name)
            if not os.path.islink(full):
                total += os.path.getsize(full)
    return total


def to_base64(content: bytes) -> bytes:
    """Give bytes as base64."""
    import base64

    return base64.b64encode(content)


def gzip_compress(content: bytes, level: int = 9) -> bytes:
    """Compress bytes; the same bytes always give the same result."""
    import gzip

    return gzip.compress(content, compresslevel=level, mtime=0)


def gzip_decompress(content: bytes) -> bytes:
    """Undo `gzip_compress`."""
    import gzip

    return gzip.decompress(content)


def safe_decode(value: Any, encoding: str = "utf-8") -> Any:
    """Give bytes as text; what can't be decoded, and what is no bytes, comes back unchanged."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode(encoding)
    except UnicodeDecodeError:
        return value
