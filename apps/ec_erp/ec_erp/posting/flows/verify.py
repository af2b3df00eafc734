"""Proving the ledgers of a site: every chain, every balance, every voucher, stock value against stock accounts.

Invariant: reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ec_erp.accounting import store as accounting_store
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.posting.rules.proof import ChainState, Fault, prove_entries, prove_head, prove_running_balance

Progress = Callable[[str], None]


def verify_ledgers(progress: Progress) -> list[Fault]:
    """Return every fault found in the ledgers of the current site; ``progress`` is told what is being proved."""
    progress("stock ledger")
    values: dict[str, Decimal] = {}
    faults = list(_stock_faults(values))
    progress("general ledger")
    faults.extend(_general_ledger_faults())
    progress("vouchers")
    faults.extend(_voucher_faults())
    progress("stock value and stock accounts")
    faults.extend(_value_faults(values))
    return faults


def _stock_faults(values: dict[str, Decimal]) -> Iterator[Fault]:
    """Prove each key's chain, running balance and stored balance; add up values by company on the way."""
    held = inventory_store.load_held_totals()
    for page in inventory_store.walk_balances():
        for balance in page:
            values[balance["company"]] = values.get(balance["company"], ZERO) + decimal_of(balance["value"])
            yield from _key_faults(balance, held)


def _key_faults(balance: Mapping[str, Any], held: Mapping[StockKey, tuple[Decimal, Decimal]]) -> Iterator[Fault]:
    key = StockKey(balance["sku"], balance["warehouse"])
    where = f"{key.sku} in {key.warehouse}"
    rows = inventory_store.load_chain(key)
    state = prove_entries(ChainState(), rows, inventory_store.HASHED_FIELDS, where)
    qty, value, running = prove_running_balance(rows, where)
    found = [prove_head(state, int(balance["entry_count"] or 0), balance["head_hash"] or "", where), running]
    yield from (fault for fault in found if fault)
    if (qty, value) != (decimal_of(balance["on_hand"]), decimal_of(balance["value"])):
        stored = f"{_shown(balance['on_hand'])} / {_shown(balance['value'])}"
        yield Fault(where, f"the balance says {stored}, the entries add up to {plain(qty)} / {plain(value)}")
    promised, unpaid = held.get(key, (ZERO, ZERO))
    if decimal_of(balance["reserved"]) != promised:
        yield Fault(where, f"{_shown(balance['reserved'])} is reserved, reservations hold {plain(promised)}")
    if decimal_of(balance["unpaid"]) != unpaid:
        yield Fault(where, f"{_shown(balance['unpaid'])} is held unpaid, reservations hold {plain(unpaid)}")


def _shown(value: object) -> str:
    return plain(decimal_of(value))


def _general_ledger_faults() -> Iterator[Fault]:
    for chain in accounting_store.load_chains():
        state = ChainState()
        for rows in accounting_store.walk_chain(chain["name"]):
            state = prove_entries(state, rows, accounting_store.HASHED_FIELDS, chain["name"])
        fault = prove_head(state, int(chain["head_seq"] or 0), chain["head_hash"] or "", chain["name"])
        if fault:
            yield fault


def _voucher_faults() -> Iterable[Fault]:
    for row in accounting_store.load_voucher_gaps():
        yield Fault(f"{row['voucher_type']} {row['voucher_no']}", f"debits and credits differ by {row['gap']}")


def _value_faults(values: Mapping[str, Decimal]) -> Iterator[Fault]:
    for company in accounting_store.load_companies():
        books = accounting_store.load_books(company)
        account = books.accounts.get("stock_account")
        booked = round_money(accounting_store.load_account_total([account]), books.currency) if account else ZERO
        if booked != values.get(company, ZERO):
            yield Fault(company, f"stock is worth {values.get(company, ZERO)}, the stock account says {booked}")
