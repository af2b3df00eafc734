"""The names of the queues, and how long a job of each may take.

Invariant: a queue that is not named here or in the configuration (`workers`) is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.jobs.calls import DEFAULT, LONG, SHORT

STANDARD_TIMEOUTS_S = {SHORT: 300, DEFAULT: 300, LONG: 1500}


def timeouts(config: Mapping[str, Any] | None = None) -> dict[str, int]:
    """Give the seconds a job of each queue may take: the standard queues, then those of `workers`."""
    conf = current().get("conf") or {} if config is None else config
    own = conf.get("workers") or {}
    return {**STANDARD_TIMEOUTS_S, **{name: int((spec or {}).get("timeout") or 300) for name, spec in own.items()}}


def names(config: Mapping[str, Any] | None = None) -> list[str]:
    """Give the names of all queues, in the order a worker without `--queue` looks at them."""
    return list(timeouts(config))


def check(queue: str, config: Mapping[str, Any] | None = None) -> str:
    """Give the name of a queue; raises `ValidationError` when there is none of that name."""
    known = names(config)
    if queue not in known:
        raise ValidationError(f"Queue should be one of {', '.join(known)}, not {queue!r}")
    return queue


def bench_id(config: Mapping[str, Any], sites_path: str = ".") -> str:
    """Give the name of this bench among those that share a Redis: `bench_id`, else its folder."""
    folder = os.path.dirname(os.path.abspath(sites_path))
    return str(config.get("bench_id") or re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-"))
