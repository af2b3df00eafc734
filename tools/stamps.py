"""Remembers what was done for which input, so that a repeated task costs nothing.

Invariant: freshness is decided by content hashes, never by file times, which a clone or a copy changes.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SKIPPED_FOLDERS = frozenset({"node_modules", "dist", "__pycache__", ".git", ".vite", "coverage"})


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every source file below a folder; what tools generate is left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        yield from (Path(parent, name) for name in sorted(names))


def digest_of(root: Path, files: Iterable[Path], *facts: str) -> str:
    """Return one hash over files, by name below the root and content, and over further facts, such as a version."""
    total = hashlib.sha256("\0".join(facts).encode())
    for file in files:
        total.update(f"\0{file.relative_to(root)}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def read_record(file: Path) -> dict[str, Any]:
    """Return a JSON record, or an empty one where the file is absent or was cut off by a crash."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return record if isinstance(record, dict) else {}


def write_record(file: Path, record: dict[str, Any], *, mode: int = 0o644) -> None:
    """Replace a JSON record in one step, so that nobody ever reads half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    draft.touch(mode=mode)
    draft.write_text(json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(file)
