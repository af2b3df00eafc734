"""What reads the texts of a file that want translation, as babel calls it: one module per kind of file.

Invariant: each `extract` gives (line, function, text, comments); a text with a context is given as `pgettext` gets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Found = tuple[int | None, str, Any, list[str]]


def text_of(fileobj: Any) -> str:
    """Give what stands in a file, opened as bytes or as text."""
    content = fileobj.read()
    return content.decode("utf-8", errors="replace") if isinstance(content, bytes) else str(content)


def as_found(places: Iterable[tuple[int | None, tuple[str, str]]]) -> Iterator[Found]:
    """Give messages and their lines as babel wants them."""
    for line, (text, context) in places:
        yield (line, "pgettext", (context, text), []) if context else (line, "_", text, [])
