"""Waybill numbers: from which account a parcel gets its number, taking numbers as a set, and giving them back.

A provider is a function ``f(account, parcels) -> [number or Problem]`` that apps name in the hook ``ec_erp_waybill_providers`` as
{"provider": "dotted.path"}; the local pool hands out a range of its own. Numbers are given back to a provider by a function
``f(account, numbers) -> [None or Problem]`` of the hook ``ec_erp_waybill_recyclers``.

Invariant: a number is on one parcel at most, unless it was recycled in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.errors import refuse, text_of
from ec_erp.documents.store import lock_rows
from ec_erp.fulfilment.store import masters
from ec_erp.fulfilment.store import outbound as store
from ec_erp.kernel.problems import N_, Problem, problem

LOCAL = "Local Pool"
TO_ASSIGN, ASSIGNED, DONE, TO_RECYCLE = "To Assign", "Assigned", "Done", "To Recycle"
RECYCLED, FAILED, VOIDED = "Recycled", "Failed", "Voided"
_HOOK, _BACK_HOOK = "ec_erp_waybill_providers", "ec_erp_waybill_recyclers"
RUNNING_OUT = N_("Waybills Running Out")
_FIELDS = ("provider", "prefix", "digits", "next_number", "last_number", "carrier", "warehouse", "shop", "disabled")

Row = store.Row


def check_account(doc: Any) -> None:
    """Refuse a range that ends before it begins and unknown providers; show what is left."""
    first, last = int(doc.next_number or 0), int(doc.last_number or 0)
    if last and last < first - 1:
        refuse([problem(N_("The range ends before it begins"))])
    if doc.provider not in providers():
        refuse([problem(N_("There is no waybill provider {0}"), doc.provider)])
    doc.balance = max(0, last - first + 1) if last else 0


def providers() -> dict[str, Any]:
    """Return the providers by name: the local pool and those of apps."""
    found: dict[str, Any] = {LOCAL: take_local}
    for name, paths in (frappe.get_hooks(_HOOK) or {}).items():
        found[name] = frappe.get_attr(paths[-1] if isinstance(paths, list | tuple) else paths)
    return found


def assign(parcels: Sequence[Any], shop_of: Mapping[str, str | None]) -> None:
    """Give new parcels (documents that are not saved yet) their numbers; what fails says why on the parcel."""
    accounts = _accounts({parcel.carrier for parcel in parcels if parcel.carrier})
    groups: dict[str, list[Any]] = {}
    for parcel in parcels:
        account = _account_for(parcel, shop_of.get(parcel.delivery_note), accounts)
        if account is None:
            parcel.waybill_state = FAILED
            parcel.waybill_problem = frappe._("There is no waybill account for this carrier and warehouse")
            continue
        groups.setdefault(account["name"], []).append(parcel)
    known = providers()
    for name, group in sorted(groups.items()):
        results = known[accounts[name]["provider"]](name, group)
        for parcel, result in zip(group, results, strict=True):
            _put(parcel, name, result)


def _put(parcel: Any, account: str, result: str | Problem) -> None:
    parcel.waybill_account = account
    if isinstance(result, Problem):
        parcel.waybill_state, parcel.waybill_problem = FAILED, text_of(result)
    else:
        parcel.waybill_state, parcel.waybill_no, parcel.waybill_problem = ASSIGNED, result, None


def take_local(account: str, parcels: Sequence[Any]) -> list[str | Problem]:
    """Take as many numbers of an account's own range as there are parcels: recycled ones first, then the next ones."""
    head = lock_rows("Waybill Account", [account], _FIELDS)[account]
    old = masters.load_recycled_numbers(account, len(parcels))
    store.write_rows("Parcel", {name: {"waybill_state": RECYCLED} for name, _ in old})
    numbers: list[str | Problem] = [number for _, number in old]
    first, last = int(head["next_number"] or 1), int(head["last_number"] or 0)
    wanted = len(parcels) - len(numbers)
    count = min(wanted, max(0, last - first + 1)) if last else wanted
    digits = int(head["digits"] or 0)
    numbers += [f"{head['prefix'] or ''}{number:0{digits}d}" for number in range(first, first + count)]
    left = max(0, last - first - count + 1) if last else 0
    store.write_rows("Waybill Account", {account: {"next_number": first + count, "balance": left}})
    numbers += [problem(N_("The account {0} has no numbers left"), account)] * (wanted - count)
    return numbers


def withdraw_parcels(notes: Iterable[str]) -> None:
    """Cancel the parcels of deliveries and give their numbers back."""
    parcels = [row for group in store.load_parcels(notes).values() for row in group]
    given = give_back([row for row in parcels if row["waybill_state"] == ASSIGNED])
    store.write_rows("Parcel", {row["name"]: {"status": "Cancelled", **given.get(row["name"], {})} for row in parcels})


def give_back(parcels: Sequence[Row], *, void: bool = False) -> dict[str, dict[str, Any]]:
    """Give numbers back to their accounts; return the state, and what went wrong, to be written by parcel.

    Numbers of the local pool are used again, unless they are ``void``: a label that is spoilt or has left. Providers are told; one
    that can't be told leaves the number to be given back by a person.
    """
    providers_of = masters.load_providers({row["waybill_account"] for row in parcels if row["waybill_account"]})
    groups: dict[str, list[Row]] = {}
    for row in parcels:
        groups.setdefault(row["waybill_account"] or "", []).append(row)
    return {
        row["name"]: state
        for account, group in sorted(groups.items())
        for row, state in zip(group, _given_back(account, providers_of.get(account, LOCAL), group, void), strict=True)
    }


def _given_back(account: str, provider: str, parcels: Sequence[Row], void: bool) -> Iterable[dict[str, Any]]:
    path = (frappe.get_hooks(_BACK_HOOK) or {}).get(provider)
    if provider == LOCAL or not path:
        state = VOIDED if void else TO_RECYCLE
        return [{"waybill_state": state, "waybill_problem": None} for _ in parcels]
    tell = frappe.get_attr(path[-1] if isinstance(path, list | tuple) else path)
    answers = tell(account, [row["waybill_no"] for row in parcels])
    return [_told(answer, void) for answer in answers]


def _told(answer: Problem | None, void: bool) -> dict[str, Any]:
    if answer is not None:
        return {"waybill_state": FAILED, "waybill_problem": text_of(answer)}
    return {"waybill_state": VOIDED if void else RECYCLED, "waybill_problem": None}


def running_out() -> list[dict[str, Any]]:
    """Return accounts with fewer numbers left than they should have, as rows of the inbox of exceptions."""
    return [
        {
            "source": "warehouse",
            "reference_doctype": "Waybill Account",
            "reference_name": row["name"],
            "title": f"{row['name']}: {row['balance']}",
            "code": RUNNING_OUT,
            "owner_role": "Warehouse Staff",
            "since": row["modified"],
            "blocking": False,
            "suggestion": frappe._("Buy more numbers, and write the end of the new range on the account"),
            "fix": "",
            "note": str(row["balance"]),
        }
        for row in masters.load_low_accounts()
    ]


def _accounts(carriers: set[str]) -> dict[str, Row]:
    return masters.load_waybill_accounts(carriers, _FIELDS)


def _account_for(parcel: Any, shop: str | None, accounts: Mapping[str, Row]) -> Row | None:
    """Return the most exact account: of the shop before any shop, of the warehouse before any warehouse."""
    fitting = [
        row
        for row in accounts.values()
        if row["carrier"] == parcel.carrier
        and (not row["warehouse"] or row["warehouse"] == parcel.warehouse)
        and (not row["shop"] or row["shop"] == shop)
    ]
    return min(fitting, key=lambda row: (not row["shop"], not row["warehouse"], row["name"]), default=None)
