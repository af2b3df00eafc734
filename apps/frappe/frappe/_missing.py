"""Names of the public API that this runtime does not have.

Invariant: a name that apps know from Frappe raises `NotImplementedError` naming it; any other is a plain
`AttributeError`.
"""

from __future__ import annotations

from typing import NoReturn

KNOWN_BUT_MISSING = frozenset(
    {"connect_to_replica", "enqueue_at", "enqueue_in", "get_conf", "local_cache", "setup_replica"}
)


def missing(name: str) -> NoReturn:
    """Refuse a name."""
    if name in KNOWN_BUT_MISSING:
        raise NotImplementedError(f"frappe.{name} is not part of this runtime yet")
    raise AttributeError(f"module 'frappe' has no attribute {name!r}")
