"""Names of the public API that this runtime does not have.

Invariant: a name that apps know from Frappe raises `NotImplementedError` naming it; any other is a plain
`AttributeError`.
"""

from __future__ import annotations

from typing import NoReturn

KNOWN_BUT_MISSING = frozenset(
    """get_tenant get_conf local_cache enqueue_in enqueue_at connect_to_replica bench_login pass_does_not_match
    integration_request setup_replica energy_points newsletter push_notifications_relay_server""".split()
)


def missing(name: str) -> NoReturn:
    """Refuse a name."""
    if name in KNOWN_BUT_MISSING:
        raise NotImplementedError(f"frappe.{name} is not part of this runtime yet")
    raise AttributeError(f"module 'frappe' has no attribute {name!r}")
