"""Who gets what when lines of documents ask for stock to be put aside.

Invariants: no key is promised beyond what is free; a document that must be whole is served whole or not at all; what a
quota keeps for a channel group goes to that group alone. Worked tables: docs/algorithms/reservation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from ec_erp.inventory.types import (
    Allocation,
    Balance,
    BalanceChange,
    Quota,
    Reservation,
    ReservationRequest,
    Shortage,
    StockKey,
)
from ec_erp.kernel.numbers import ZERO


def in_turn(requests: Sequence[ReservationRequest]) -> list[ReservationRequest]:
    """Return requests in the order in which they are served: higher priority first, then waiting longer, else as given."""
    groups = [list(group) for _, group in groupby(requests, key=lambda request: request.group)]
    groups.sort(key=lambda group: (-group[0].priority, group[0].since or datetime.max))
    return [request for group in groups for request in group]


def still_wanted(requests: Iterable[ReservationRequest], known: Mapping[str, Reservation]) -> list[ReservationRequest]:
    """Return requests for what their lines do not hold yet; satisfied ones are left out."""
    open_requests = []
    for request in requests:
        has = known[request.line].held + known[request.line].consumed if request.line in known else ZERO
        if request.qty > has:
            open_requests.append(replace(request, qty=request.qty - has) if has else request)
    return open_requests


def of_one_quota(
    requests: Iterable[ReservationRequest], known: Mapping[str, Reservation], quotas: Iterable[Quota]
) -> list[ReservationRequest]:
    """Return requests, those that have taken from another quota before without their channel group.

    A line gives back to one quota, so it takes from one: where that has ended, what it still wants comes from the public pool.
    """
    names = {(quota.key, quota.channel_group): quota.name for quota in quotas}
    bound = []
    for request in requests:
        line = known.get(request.line)
        now = names.get((request.key, request.channel_group or ""))
        elsewhere = line is not None and line.from_quota > 0 and line.quota != now
        bound.append(replace(request, channel_group=None) if elsewhere and now else request)
    return bound


def allocate(
    balances: Mapping[StockKey, Balance], requests: Sequence[ReservationRequest], quotas: Iterable[Quota] = ()
) -> tuple[list[Allocation], list[Shortage]]:
    """Serve requests in order, group by group; return allocations and the shortages of groups that must be whole.

    Requests of one group stand next to each other. A key that is not in ``balances`` has nothing.
    """
    free = {key: max(ZERO, balance.free) for key, balance in balances.items()}
    there = {key: max(ZERO, balance.available) for key, balance in balances.items()}
    return _serve(_Pool(free, there, quotas), requests)


def changes_for(allocations: Iterable[Allocation]) -> list[BalanceChange]:
    """Return one change of promises per key: what is reserved, what quotas give up, what must be free and there for it."""
    changes: dict[StockKey, BalanceChange] = {}
    for got in allocations:
        key, public = got.request.key, got.qty - got.from_quota
        change = changes.get(key) or BalanceChange(key)
        changes[key] = BalanceChange(
            key,
            reserved=change.reserved + got.qty,
            unpaid=change.unpaid + (got.qty if got.request.soft else ZERO),
            locked=change.locked - got.from_quota,
            needs=(change.needs or ZERO) + public if public else change.needs,
        )
    return [replace(change, needs_in_all=change.reserved) if change.locked else change for change in changes.values()]


class _Pool:
    """What is still free, publicly and in quotas; what is there bounds both, for goods kept for a group may get lost."""

    def __init__(
        self, free: Mapping[StockKey, Decimal], there: Mapping[StockKey, Decimal], quotas: Iterable[Quota]
    ) -> None:
        self.free = dict(free)
        self.there = dict(there)
        self.quotas = {(quota.key, quota.channel_group): quota for quota in quotas if quota.active}
        self.left = {quota.name: quota.left for quota in self.quotas.values()}

    def quota_of(self, request: ReservationRequest) -> Quota | None:
        """Return the quota that a request may take from."""
        return self.quotas.get((request.key, request.channel_group)) if request.channel_group else None

    def reachable(self, request: ReservationRequest) -> Decimal:
        """Return what a request can get at most."""
        quota = self.quota_of(request)
        public = request.public and not (quota and quota.exclusive)
        return self.kept(request, quota) + (self.free.get(request.key, ZERO) if public else ZERO)

    def kept(self, request: ReservationRequest, quota: Quota | None) -> Decimal:
        """Return what a quota can give: what it keeps, as far as that is there."""
        return min(self.left[quota.name], self.there.get(request.key, ZERO)) if quota else ZERO

    def take(self, request: ReservationRequest) -> Allocation:
        """Give a request what it can get, its quota first."""
        qty = min(request.qty, self.reachable(request))
        quota = self.quota_of(request)
        from_quota = min(qty, self.kept(request, quota))
        self.there[request.key] = self.there.get(request.key, ZERO) - qty
        if quota:
            self.left[quota.name] -= from_quota
        self.free[request.key] = self.free.get(request.key, ZERO) - (qty - from_quota)
        return Allocation(request, qty, from_quota, quota.name if quota and from_quota else None)


def _serve(pool: _Pool, requests: Sequence[ReservationRequest]) -> tuple[list[Allocation], list[Shortage]]:
    allocations: list[Allocation] = []
    shortages: list[Shortage] = []
    for _, group in groupby(requests, key=lambda request: request.group):
        lines = list(group)
        missing = [] if lines[0].partial else _missing(pool, lines)
        shortages.extend(missing)
        if not missing:
            allocations.extend(pool.take(line) for line in lines)
    return allocations, shortages


def _missing(pool: _Pool, lines: Sequence[ReservationRequest]) -> list[Shortage]:
    needed: dict[StockKey, Decimal] = {}
    first: dict[StockKey, ReservationRequest] = {}
    for line in lines:
        needed[line.key] = needed.get(line.key, ZERO) + line.qty
        first.setdefault(line.key, line)
    return [
        Shortage(key, qty, pool.reachable(first[key]))
        for key, qty in sorted(needed.items())
        if qty > pool.reachable(first[key])
    ]
