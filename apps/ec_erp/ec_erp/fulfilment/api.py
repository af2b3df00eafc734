"""Documents that follow from others, for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt

from ec_erp.documents.requests import figures_in, names_in, number_in
from ec_erp.fulfilment.flows import cartons, outbound, packing, recalling, shortages, videos, waves
from ec_erp.orders import flows as orders

_SUBMITTED = {"docstatus": ["=", 1]}


@frappe.whitelist()
def make_delivery_note(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved Delivery Note with everything that is open of a Sales Order."""
    return get_mapped_doc(
        "Sales Order",
        source_name,
        {
            "Sales Order": {"doctype": "Delivery Note", "validation": _SUBMITTED, "field_map": {"name": "sales_order"}},
            "Sales Order Item": {
                "doctype": "Delivery Note Item",
                "field_map": {"name": "sales_order_item"},
                "condition": lambda row: _open_of_order(row) > 0,
                "postprocess": _take_open_of_order,
            },
        },
        target_doc,
    )


@frappe.whitelist()
def make_return(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved return with everything of a Delivery Note that has not come back."""
    return get_mapped_doc(
        "Delivery Note",
        source_name,
        {
            "Delivery Note": {
                "doctype": "Delivery Note",
                "validation": _SUBMITTED,
                "field_map": {"name": "return_against"},
                "field_no_map": ["shipping_fee", "carrier", "naming_series"],
            },
            "Delivery Note Item": {
                "doctype": "Delivery Note Item",
                "field_map": {"name": "return_against_item"},
                "condition": lambda row: flt(row.returned_qty) < flt(row.qty),
                "postprocess": _take_open_of_delivery,
            },
        },
        target_doc,
        postprocess=_as_return,
    )


def _open_of_order(row: Any) -> float:
    return flt(row.qty) - flt(row.delivered_qty) - flt(row.refunded_qty)


def _take_open_of_order(source: Any, target: Any, _parent: Any) -> None:
    target.qty = _open_of_order(source)


def _take_open_of_delivery(source: Any, target: Any, _parent: Any) -> None:
    target.qty = flt(source.qty) - flt(source.returned_qty)


def _as_return(source: Any, target: Any) -> None:
    """Goods come back; what was charged beside them is given back only when somebody adds it, or where nobody has paid it: a
    parcel that the carrier was to collect and that is refused at the door."""
    target.is_return = 1
    target.charges = []
    if _is_refused_whole(source):
        target.shipping_fee = source.shipping_fee
        charged = [{field: row.get(field) for field in _CHARGE} for row in source.charges]
        target.extend("charges", charged)


_CHARGE = ("charge_type", "description", "amount", "tax_rate")


def _is_refused_whole(source: Any) -> bool:
    """Tell whether nothing of a delivery has come back before, and the carrier has not collected for its order."""
    owes = orders.debtors_of([source])[source.name].party_type
    return owes == "Carrier" and not any(flt(row.returned_qty) for row in source.items)


@frappe.whitelist(methods=["POST"])
def make_outbound(orders: str | list[str]) -> list[str]:
    """Make outbound drafts for released orders of warehouses that work in waves. Returns the drafts."""
    return outbound.make_drafts(_allowed("Sales Order", orders, "read", needs=("Delivery Note", "create")))


@frappe.whitelist(methods=["POST"])
def run_wave_rules(warehouses: str | list[str] | None = None) -> list[str]:
    """Run the wave rules of warehouses (left out: all) now, due or not. Returns the waves."""
    frappe.has_permission("Wave", "create", throw=True)
    return waves.run_rules(names_in(warehouses), due_only=False)


@frappe.whitelist(methods=["POST"])
def make_wave(names: str | list[str]) -> list[str]:
    """Put deliveries that wait into waves by hand, one per warehouse. Returns the waves."""
    return waves.make_wave(_allowed("Delivery Note", names, "write", needs=("Wave", "create")))


@frappe.whitelist(methods=["POST"])
def pack(
    names: str | list[str],
    parcels: str | dict[str, Any] | None = None,
    packages: str | dict[str, str] | None = None,
) -> dict[str, list[str]]:
    """Pack checked deliveries. ``parcels`` is ``{delivery: [[[row, quantity], …], …]}`` where goods are spread by hand.

    ``packages`` is ``{delivery: packing material}`` where somebody took another carton than the recommended one.
    Returns ``{delivery: [parcel, …]}``.
    """
    wanted = {note: [_goods_in(parcel) for parcel in _list_in(group)] for note, group in figures_in(parcels).items()}
    return packing.pack(_allowed("Delivery Note", names, "write"), wanted, figures_in(packages))


def _goods_in(parcel: Any) -> list[tuple[str, Decimal]]:
    pairs = [_list_in(pair) for pair in _list_in(parcel)]
    if any(len(pair) != 2 for pair in pairs):
        frappe.throw(_("Expected a list of rows"))
    return [(str(row), number_in(qty, "Quantity")) for row, qty in pairs]


def _list_in(value: Any) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        frappe.throw(_("Expected a list of rows"))
    return list(value)


@frappe.whitelist()
def recommend_packages(name: str) -> list[dict[str, Any]]:
    """Return the parcels that a delivery would be packed into: ``{package, weight_g, why, goods}``."""
    (note,) = _allowed("Delivery Note", [name], "read")
    return [
        {"package": package, "weight_g": float(weight), "why": why, "goods": goods}
        for package, weight, why, goods in packing.recommend(note)
    ]


@frappe.whitelist()
def get_check_video(name: str) -> str:
    """Return the address of the recording of a delivery's scan check; empty where none is known."""
    (note,) = _allowed("Delivery Note", [name], "read")
    return videos.link_of(note)


@frappe.whitelist(methods=["POST"])
def book_packages(names: str | list[str]) -> list[str]:
    """Take the cartons of packed parcels out of stock where that was not done. Returns the Stock Entries."""
    return cartons.consume(_allowed("Parcel", names, "write"))


@frappe.whitelist(methods=["POST"])
def fetch_waybills(names: str | list[str]) -> dict[str, str]:
    """Try again to get waybill numbers for packed deliveries. Returns ``{parcel: number}``."""
    return packing.fetch_waybills(_allowed("Delivery Note", names, "write"))


@frappe.whitelist(methods=["POST"])
def cancel_waybills(names: str | list[str], void: int | str = 0) -> dict[str, str]:
    """Take the waybill numbers off parcels that are here and give them back, or void them. Returns ``{parcel: state}``.

    Also gives back again, or voids, what cancelled parcels could not give back.
    """
    return packing.cancel_waybills(_allowed("Parcel", names, "write"), void=bool(frappe.utils.cint(void)))


@frappe.whitelist(methods=["POST"])
def accept_weight(parcel: str) -> str:
    """Let a held parcel go with the weight it has. Returns its status."""
    packing.check_may_accept()
    return str(packing.accept_weight(parcel)["status"])


@frappe.whitelist(methods=["POST"])
def ship(names: str | list[str]) -> list[str]:
    """Hand over packed deliveries with all their parcels and post them. Returns them."""
    return packing.ship(_allowed("Delivery Note", names, "submit"))


@frappe.whitelist(methods=["POST"])
def put_back(names: str | list[str]) -> None:
    """Say that goods of recalled deliveries lie in their bins again; the drafts are deleted."""
    recalling.put_back(_allowed("Delivery Note", names, "write"))


@frappe.whitelist(methods=["POST"])
def fetch_again(names: str | list[str]) -> dict[str, str]:
    """Look once more for what short pick tasks did not find. Returns ``{short task: task that fetches it}``."""
    made = {name: shortages.fetch_again(name) for name in _allowed("Pick Task", names, "write")}
    return {name: task for name, task in made.items() if task}


@frappe.whitelist(methods=["POST"])
def finish_putting_back(names: str | list[str]) -> None:
    """Say that all goods of put-back tasks lie in the bins they came from."""
    recalling.finish(_allowed("Put Back Task", names, "write"))


def _allowed(doctype: str, names: Any, right: str, needs: tuple[str, str] | None = None) -> list[str]:
    wanted = names_in(names)
    for name in wanted:
        frappe.get_doc(doctype, name).check_permission(right)
    if needs:
        frappe.has_permission(needs[0], needs[1], throw=True)
    return wanted
