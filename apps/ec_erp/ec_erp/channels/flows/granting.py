"""What is kept for a shop because it may still sell it: settled by the orders that have come in, divided, and handed out.

Invariants: rows of the queue are locked before grants, grants before balances; a grant rises before a shop is told more, and
falls only by what the rules say. Rules: channels/rules/escrow.py, sharing.py; the page: docs/algorithms/stock-escrow.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.channels import store
from ec_erp.channels.rules import escrow
from ec_erp.channels.rules import publishing as rules
from ec_erp.channels.rules.escrow import Account, Primitive, Write
from ec_erp.channels.rules.publishing import Offer, Policy
from ec_erp.channels.rules.sharing import Claim, divide, spread_items, spread_units, whole_items
from ec_erp.channels.store import writes
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.rules import availability
from ec_erp.inventory.types import Quota, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store as orders_store

# What shops have sold lately weighs how goods are divided.
SALES_DAYS = 14


@dataclass
class Book:
    """One shop's strict listings with everything that is locked for them; ``changes`` of grants are not written yet."""

    shop: str
    company: str
    group: str
    primitive: Primitive
    complete_until: datetime | None
    now: datetime
    rows: Mapping[str, Any]
    offers: Mapping[str, Offer]
    needs: Mapping[str, Mapping[str, Decimal]]
    policies: Mapping[str, Policy]
    places: Mapping[str, tuple[str, ...]]
    accounts: dict[str, Account]
    grants: Mapping[StockKey, Quota]
    free: dict[StockKey, Decimal]
    missing: frozenset[str] = frozenset()
    changes: dict[StockKey, Decimal] = field(default_factory=dict)

    def room(self, listing: str) -> Decimal:
        """Return how many more items of a listing can be kept for the shop."""
        return sum((whole_items(self.free, self.needs[listing], place) for place in self.places[listing]), ZERO)

    def keep(self, listing: str, items: Decimal) -> None:
        """Keep more for a listing, where most is free first."""
        for key, units in spread_items(self.free, self.needs[listing], self.places[listing], items).items():
            self._move(key, units)

    def keep_units(self, sku: str, units: Decimal) -> Decimal:
        """Keep more of a SKU as far as it is free; return what could not be kept."""
        taken = spread_units({key: qty for key, qty in self.free.items() if key.sku == sku}, units)
        for key, qty in taken.items():
            self._move(key, qty)
        return units - sum(taken.values(), ZERO)

    def free_items(self, listing: str, items: Decimal) -> None:
        """Give back what was kept for items of a listing."""
        for sku, units in self.needs[listing].items():
            self.free_units(sku, items * units)

    def free_units(self, sku: str, units: Decimal) -> None:
        """Give back units of a SKU, where most is kept first, and no more than is kept."""
        kept = {key: self.kept(key) for key in self.grants if key.sku == sku}
        for key, qty in spread_units(kept, units).items():
            self._move(key, -qty)

    def kept(self, key: StockKey) -> Decimal:
        """Return what is kept at a key now, changes that are not written yet included."""
        return (self.grants[key].left if key in self.grants else ZERO) + self.changes.get(key, ZERO)

    def kept_of(self, sku: str) -> Decimal:
        """Return what is kept of a SKU in all places."""
        keys = {key for key in (*self.grants, *self.changes) if key.sku == sku}
        return sum((self.kept(key) for key in keys), ZERO)

    def _move(self, key: StockKey, units: Decimal) -> None:
        self.changes[key] = self.changes.get(key, ZERO) + units
        self.free[key] = self.free.get(key, ZERO) - units

    def write(self) -> None:
        """Write the changes of grants."""
        inventory.change_grants(self.group, self.grants, self.changes, self.shop, self.company)


def open_book(shop: str, names: Iterable[str], now: datetime) -> Book | None:
    """Lock a shop's strict rows and what is kept for them; None where there is nothing. Raises ``QuotaRefused``."""
    rows = store.lock_stock_pushes(names)
    group = inventory.groups_of_shops([shop]).get(shop, "")
    if not rows and not group:
        return None
    group = inventory.group_of_shop(shop) if rows else group
    terms = orders_store.load_shops([shop])[shop.casefold()]
    offers = {row.name: store.offer_of(row) for row in store.load_offers(rows)}
    policies = store.load_policies()
    chosen = {name: rules.policy_for(offer, policies) for name, offer in offers.items()}
    needs = needs_of(offers.values())
    places = {name: _places(policy, terms) for name, policy in chosen.items()}
    keys = {StockKey(sku, place) for name in offers for sku in needs[name] for place in places[name]}
    grants, free = inventory.lock_grants(group, keys | set(inventory_store.load_managed_of(group)))
    primitive = writes.load_primitive(terms.platform)
    return Book(
        shop, terms.company, group, primitive, writes.load_complete_until(shop), now, rows, offers, needs, chosen, places,
        accounts_of(shop, rows, needs, primitive, now), grants, free,
    )  # fmt: skip


def _places(policy: Policy, terms: Any) -> tuple[str, ...]:
    """Return where a strict listing sells from: the policy's warehouses, else where the shop's orders are served from."""
    if policy.warehouses:
        return policy.warehouses
    if terms.default_warehouse and not terms.choose_warehouse:
        return (terms.default_warehouse,)
    return tuple(row["name"] for row in orders_store.load_sources([terms.company]))


def needs_of(offers: Iterable[Offer]) -> dict[str, dict[str, Decimal]]:
    """Return units of each SKU that one item of a listing takes; combos by their components."""
    listed = list(offers)
    combos = catalog_store.load_combos({offer.sku for offer in listed})
    needs: dict[str, dict[str, Decimal]] = {}
    for offer in listed:
        parts = (
            [(part.sku, part.qty) for part in combos[offer.sku]] if offer.sku in combos else [(offer.sku, Decimal(1))]
        )
        units: dict[str, Decimal] = {}
        for sku, qty in parts:
            units[sku] = units.get(sku, ZERO) + qty * offer.units
        needs[offer.listing] = units
    return needs


def accounts_of(
    shop: str,
    rows: Mapping[str, Any],
    needs: Mapping[str, Mapping[str, Decimal]],
    primitive: Primitive,
    now: datetime,
) -> dict[str, Account]:
    """Return what is known of listings at their shop, orders that have come in since included."""
    known = {name: _stored(row) for name, row in rows.items()}
    opened = writes.lock_writes(row.open_write for row in rows.values() if row.open_write)
    pinned = writes.load_pinned(rows, now)
    since = [account.since for account in known.values() if account.since]
    ordered = writes.load_ordered(shop, min(since) - primitive.skew) if since else []
    keys = {(row.platform_item_id, row.platform_sku_id or ""): row.name for row in store.load_offers(rows)}
    lines: dict[str, list[Any]] = {}
    for line in ordered:
        name = keys.get((line.platform_item_id or "", line.platform_sku_id or ""))
        if name and line.sku in needs[name]:
            lines.setdefault(name, []).append(line)
    accounts = {}
    for name, account in known.items():
        ours = opened.get(rows[name].open_write) if rows[name].open_write else None
        account = replace(account, pinned=name in pinned, open=_write_of(ours, primitive) if ours else None)
        accounts[name] = _with_orders(account, lines.get(name, []), needs.get(name, {}), primitive.skew)
    return accounts


def _stored(row: Any) -> Account:
    if not row.shown_since:
        return Account(uncertain=bool(row.uncertain))
    since = moment_of(frappe.utils.get_datetime(row.shown_since))
    return Account(decimal_of(row.shown_qty), since, settled=bool(row.settled), uncertain=bool(row.uncertain))


def _write_of(row: Any, primitive: Primitive) -> Write:
    expected = decimal_of(row.expected) if row.kind == escrow.SWAP else None
    at_once = row.status == "Unknown" and primitive.repeatable
    sent = moment_of(frappe.utils.get_datetime(row.sent_at)) if row.sent_at and not at_once else None
    return Write(row.kind, decimal_of(row.qty), decimal_of(row.change), expected, decimal_of(row.keeps), sent)


def _with_orders(account: Account, lines: Iterable[Any], units: Mapping[str, Decimal], skew: timedelta) -> Account:
    """Return an account with what orders have taken and given back since its figure was taken."""
    if account.since is None:
        return account
    sold: dict[Any, Decimal] = {}
    surely: dict[Any, Decimal] = {}
    returned: dict[Any, Decimal] = {}
    for line in lines:
        items = decimal_of(line.qty) / units[line.sku]
        at = (line.name, line.platform_line_id)
        placed = moment_of(frappe.utils.get_datetime(line.order_datetime))
        after, surely_after = placed > account.since, placed > account.since + skew
        if line.status != "Cancelled":
            _most(sold, at, items, wanted=after)
            _most(surely, at, items, wanted=surely_after)
        else:
            _most(returned, at, items, wanted=not surely_after)
    return replace(account, sold=_sum(sold), surely_sold=_sum(surely), returned=_sum(returned))


def _most(found: dict[Any, Decimal], at: Any, items: Decimal, *, wanted: bool) -> None:
    """Note the items of a bought line: the parts of a combo say the same, and count once."""
    if wanted:
        found[at] = max(found.get(at, ZERO), items)


def _sum(found: Mapping[Any, Decimal]) -> Decimal:
    return sum(found.values(), ZERO)


def settle(book: Book) -> None:
    """Bring what is kept to what the shop can still sell: down where its orders are complete, up where too little is kept."""
    settled = {
        name: escrow.may_settle(book.primitive, account, book.complete_until) for name, account in book.accounts.items()
    }
    skus = {sku for needs in book.needs.values() for sku in needs} | {key.sku for key in book.grants}
    wanted = writes.load_unreserved(book.shop, skus)
    missing: set[str] = set()
    for sku in sorted(skus):
        names = [name for name, needs in book.needs.items() if sku in needs]
        if not _settle_one(book, sku, names, wanted.get(sku, ZERO), complete=all(settled[name] for name in names)):
            missing.update(names)
    book.missing = frozenset(missing)
    for name, account in book.accounts.items():
        book.accounts[name] = replace(account, settled=account.settled or settled[name])


def _settle_one(book: Book, sku: str, names: Sequence[str], unreserved: Decimal, *, complete: bool) -> bool:
    """Bring what is kept of one SKU to what its listings can still sell of it; tell whether all of that is kept."""
    bounds = [book.needs[name][sku] * (book.accounts[name].bound or ZERO) for name in names]
    required = sum(bounds, unreserved) if names else ZERO
    kept = book.kept_of(sku)
    if kept > required and complete:
        book.free_units(sku, kept - required)
    return kept >= required or book.keep_units(sku, required - kept) <= 0


@dataclass(frozen=True)
class Target:
    """How many items a listing is to show, and how that came about."""

    qty: Decimal
    why: tuple[Problem, ...]


def targets(book: Book) -> dict[str, Target]:
    """Divide what all strict listings of the company may sell; return the part of this shop's listings."""
    skus = {sku for needs in book.needs.values() for sku in needs}
    rivals = {row.name: row for row in writes.load_rivals(book.company, skus)}
    offers = {row.name: store.offer_of(row) for row in store.load_offers(set(rivals) | set(book.offers))}
    needs = needs_of(offers.values())
    policies = store.load_policies()
    all_skus = {sku for needed in needs.values() for sku in needed}
    pools = _pools(book, all_skus)
    since = book.now - timedelta(days=SALES_DAYS)
    sales = writes.load_sales({offer.shop for offer in offers.values()}, all_skus, since)
    found: dict[str, Target] = {}
    claims = []
    for name, offer in offers.items():
        policy = rules.policy_for(offer, policies)
        told = rules.published(offer, policy, _pool_of(needs[name], pools, offer.units))
        weight = Decimal(1) + min((sales.get((offer.shop, sku), ZERO) for sku in needs[name]), default=ZERO)
        claims.append(Claim(name, needs[name], weight, told.qty, policy.least))
        found[name] = Target(
            ZERO, (*told.why, problem(N_("Sold in {0} days, plus one: {1}"), SALES_DAYS, plain(weight)))
        )
    shares = divide(pools, claims)
    why = N_("Its share among {0} strict listings: {1}")
    return {
        name: Target(shares[name], (*found[name].why, problem(why, len(claims), plain(shares[name]))))
        for name in book.offers
    }


def _pools(book: Book, skus: Iterable[str]) -> dict[str, Decimal]:
    """Return what strict listings may sell of each SKU together: what is free, and what is kept for them already."""
    places = {row["name"] for row in orders_store.load_sources([book.company])}
    places |= {place for named in book.places.values() for place in named}
    balances = inventory_store.load_balances_of(skus, places)
    kept: dict[StockKey, Decimal] = {}
    for (key, _group), left in inventory_store.load_grants(balances).items():
        kept[key] = kept.get(key, ZERO) + left
    pools: dict[str, Decimal] = dict.fromkeys(skus, ZERO)
    for key, balance in balances.items():
        pools[key.sku] += max(ZERO, balance.free + kept.get(key, ZERO))
    return pools


def _pool_of(needs: Mapping[str, Decimal], pools: Mapping[str, Decimal], units: Decimal) -> Decimal:
    """Return the units of a listing's SKU (sets, for a combo) that there are in all."""
    parts = [(sku, needed / units) for sku, needed in needs.items()]
    if len(parts) == 1 and parts[0][1] == 1:
        return pools[parts[0][0]]
    return availability.combo_sellable(parts, pools)
