"""A job as people and programs see it, the same for both backends.

Invariant: reading a view changes nothing; times are the site's, None while they have not come.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from frappe_engine.context.clock import get_system_timezone, zone
from frappe_engine.context.local import current
from frappe_engine.jobs import table
from frappe_engine.jobs.calls import JobCall, method_name, unpack

STATUSES = ("queued", "started", "failed", "finished", "deferred", "scheduled", "canceled")


def site_time(seconds: float | None) -> datetime | None:
    """Give a moment as the site's clock shows it."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone(get_system_timezone())).replace(tzinfo=None)


@dataclass
class JobView:
    """A job: what it calls, where it stands."""

    id: str
    queue: str
    method: str
    job_name: str
    user: str
    timeout: int
    status: str = table.QUEUED
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    event: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exc_info: str | None = None
    worker: str | None = None
    seq: int | None = None

    @classmethod
    def of_call(cls, call: JobCall) -> JobView:
        """A job that was just accepted."""
        return cls(
            id=call.id,
            queue=call.queue,
            method=method_name(call.method),
            job_name=call.title,
            user=call.user,
            timeout=call.timeout_s,
            kwargs=call.arguments,
            event=call.event,
            created_at=site_time(datetime.now(UTC).timestamp()),
        )

    @classmethod
    def of_row(cls, row: table.StoredJob) -> JobView:
        """A job as it is stored."""
        return cls(
            id=row.id,
            queue=row.queue,
            method=row.method,
            job_name=row.job_name,
            user=row.user,
            timeout=row.timeout,
            status=row.status,
            kwargs=LazyArguments(row.payload),
            event=row.event,
            created_at=site_time(row.created),
            started_at=site_time(row.started),
            ended_at=site_time(row.ended),
            exc_info=row.error,
            worker=row.worker,
            seq=row.seq,
        )

    @property
    def time_taken(self) -> float | None:
        """Seconds from start to end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def arguments(self) -> str:
        """What the job was asked for, as JSON for people."""
        shown = {
            "event": self.event,
            "job_name": self.job_name,
            "kwargs": {name: _shown(value) for name, value in self.kwargs.items()},
            "method": self.method,
            "site": current().get("site"),
            "user": self.user,
        }
        return json.dumps(shown, indent=1, sort_keys=True, ensure_ascii=False, default=str)

    def get_status(self, refresh: bool = True) -> str:
        """Give where the job stands now."""
        if refresh:
            row = table.by_id(current().db, self.id)
            self.status = row.status if row is not None else self.status
        return self.status

    @property
    def is_queued(self) -> bool:
        """Whether it waits."""
        return self.get_status() == table.QUEUED

    @property
    def is_started(self) -> bool:
        """Whether it is being done."""
        return self.get_status() == table.STARTED

    @property
    def is_finished(self) -> bool:
        """Whether it is done."""
        return self.get_status() == table.FINISHED

    @property
    def is_failed(self) -> bool:
        """Whether it failed."""
        return self.get_status() == table.FAILED


class LazyArguments(dict[str, Any]):
    """The arguments of a stored job, unpacked when somebody looks at them."""

    def __init__(self, payload: str) -> None:
        super().__init__()
        self._payload: str | None = payload

    def _load(self) -> None:
        payload, self._payload = self._payload, None
        if payload:
            try:
                self.update(unpack(payload)[1])
            except Exception as error:  # noqa: BLE001 - arguments of code that is gone are still a line in a list
                self["(unreadable)"] = f"{type(error).__name__}: {error}"

    def items(self) -> Any:
        """Give names and values."""
        self._load()
        return super().items()

    def get(self, key: str, default: Any = None) -> Any:
        """Give one value."""
        self._load()
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self._load()
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._load()
        return super().__contains__(key)


def _shown(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _shown(item) for name, item in value.items()}
    return str(value)
