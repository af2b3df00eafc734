"""Keeps two runs of a task from working on the same folder at once.

Invariant: a lock ends with the process that holds it, however that process ends.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from tools.shell import ToolError


@contextlib.contextmanager
def exclusive(file: Path, *, refusal: str) -> Iterator[None]:
    """Hold a lock file for the length of the block; raises ToolError with `refusal` when somebody else holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ToolError(refusal) from error
        yield
