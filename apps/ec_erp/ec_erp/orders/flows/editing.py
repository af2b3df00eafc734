"""Editing submitted orders: every edit with its own rights and its own entry in the history.

Invariant: an edited order is processed again, so that what was decided on the old facts is decided on the new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.catalog import store as catalog_store
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents.checks import NUMBER_FIELDS
from ec_erp.documents.errors import NotANumberError, refuse, refuse_with
from ec_erp.documents.store import row_exists
from ec_erp.inventory import flows as inventory
from ec_erp.kernel.numbers import ZERO, decimal_of, is_number
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.orders.errors import EditRefused
from ec_erp.orders.flows import carriers, list_prices
from ec_erp.orders.flows.addresses import follow_address
from ec_erp.orders.flows.context import Run, start_run
from ec_erp.orders.flows.drafting import merge_key_of
from ec_erp.orders.flows.going_on import go_on, lock_all
from ec_erp.orders.flows.pricing import reprice
from ec_erp.orders.flows.working import WorkingOrder, is_delivered_in_part, write_orders
from ec_erp.orders.rules import editing, machine
from ec_erp.orders.rules.editing import EditKind, LineEdit


def edit_order(
    name: str,
    changes: Mapping[str, Any],
    lines: Sequence[LineEdit] = (),
    why: str = "",
    roles: Iterable[str] | None = None,
) -> WorkingOrder:
    """Change fields and lines of a submitted order and let it go on.

    ``roles`` are those of the user unless given. Raises ``EditRefused`` (or ``frappe.PermissionError``) naming every
    change that may not be made; nothing is written then.
    """
    (order,) = lock_all([name])
    run = start_run([order])
    order.why = why
    kinds = _kinds(order, changes, lines)
    _refuse_rights(kinds, frappe.get_roles() if roles is None else list(roles))
    _refuse_status(order, kinds)
    _refuse_figures(order, lines)
    _change_fields(order, changes)
    _change_lines(order, lines)
    _follow(order, kinds, run)
    if any(kind.moves_on for kind in kinds):
        go_on([order], run)
    else:
        write_orders([order], run.now)
    return order


def _kinds(order: WorkingOrder, changes: Mapping[str, Any], lines: Sequence[LineEdit]) -> list[EditKind]:
    """Return the kinds of edit that the changes are, each once. Raises ``EditRefused`` for fields that can't be edited."""
    unknown = [field for field in changes if field not in editing.KIND_OF_FIELD and not _is_custom(field)]
    message = N_("{0} of a submitted order cannot be edited")
    refuse([problem(message, _label(field)) for field in unknown], EditRefused)
    codes = [editing.KIND_OF_FIELD[field].code if field in editing.KIND_OF_FIELD else "Remark" for field in changes]
    gifts = {row.name: bool(row.is_gift) for row in order.lines}
    for edit in lines:
        codes += editing.kind_of_line(edit, was_gift=gifts.get(edit.name, False))
    return [editing.KINDS[code] for code in dict.fromkeys(codes)]


def _is_custom(field: str) -> bool:
    found = frappe.get_meta("Sales Order").get_field(field)
    return bool(found and found.get("is_custom_field") and found.allow_on_submit)


def _label(field: str) -> str:
    found = frappe.get_meta("Sales Order").get_field(field)
    return str(frappe._(found.label)) if found and found.label else field


def _refuse_rights(kinds: Sequence[EditKind], roles: Sequence[str]) -> None:
    message = N_("You are not allowed to edit: {0}")
    refused = [kind for kind in kinds if not editing.may(kind, roles)]
    refuse([problem(message, words(kind.code)) for kind in refused], frappe.PermissionError)


def _refuse_status(order: WorkingOrder, kinds: Sequence[EditKind]) -> None:
    message = N_("{0} cannot be edited while the order {1} is {2}; recall it from the warehouse first")
    status = words(order.status)
    found = [
        problem(message, words(kind.code), order.name, status) for kind in kinds if order.status not in kind.statuses
    ]
    if not found and is_delivered_in_part(order) and any(kind.reprocess for kind in kinds):
        found = [problem(N_("The order {0} has been delivered in part: what is delivered stays"), order.name)]
    refuse(found, EditRefused)


def _refuse_figures(order: WorkingOrder, lines: Sequence[LineEdit]) -> None:
    """Raise ``NotANumberError`` for what is no number, ``EditRefused`` for quantities and prices that can't be."""
    figures = [(edit, name, given) for edit in lines for name, given in (("Quantity", edit.qty), ("Price", edit.rate))]
    message = N_("{0} must be a number, not {1}")
    refuse(
        [problem(message, words(name), given) for _, name, given in figures if not is_number(given)], NotANumberError
    )
    skus = {row.name: row.sku for row in order.lines}
    too_low = [
        problem(N_("The {0} of {1} is too low: {2}"), words(name), edit.sku or skus.get(edit.name) or "", given)
        for edit, name, given in figures
        if decimal_of(given) < ZERO
        or (name == "Quantity" and not edit.name and given is not None and not decimal_of(given))
    ]
    refuse(too_low, EditRefused)


def _change_fields(order: WorkingOrder, changes: Mapping[str, Any]) -> None:
    before: dict[str, dict[str, Any]] = {}
    for field, value in changes.items():
        value = _typed(field, value)
        kind = editing.KIND_OF_FIELD.get(field, editing.KINDS["Remark"])
        if order.head.get(field) != value:
            before.setdefault(kind.code, {})[field] = [order.head.get(field), value]
            order.put(**{field: value})
    for code, details in before.items():
        order.log("Edit", code, order.why, details)


def _typed(field: str, value: Any) -> Any:
    """Return a value as the field keeps it. Raises ``NotANumberError`` or ``frappe.LinkValidationError``."""
    docfield: Any = frappe.get_meta("Sales Order").get_field(field)
    if docfield.fieldtype in (*NUMBER_FIELDS, "Check"):
        if not is_number(value):
            refuse_with([problem(N_("{0} must be a number, not {1}"), _label(field), value)], NotANumberError)
        whole = docfield.fieldtype in ("Int", "Check")
        return int(decimal_of(value)) if whole else float(decimal_of(value))
    if docfield.fieldtype == "Select" and value and value not in (docfield.options or "").split("\n"):
        refuse_with([problem(N_("{0}: {1} is not one of the choices"), _label(field), value)], EditRefused)
    if docfield.fieldtype == "Datetime" and value:
        return frappe.utils.get_datetime(value)
    if docfield.fieldtype == "Link" and value and not row_exists(docfield.options, value):
        found = problem(N_("{0} {1} does not exist"), _label(field), value)
        refuse_with([found], frappe.LinkValidationError)
    return value or None


def _change_lines(order: WorkingOrder, edits: Sequence[LineEdit]) -> None:
    rows = {row.name: row for row in order.lines}
    unknown = [edit for edit in edits if edit.name and edit.name not in rows]
    refuse(
        [problem(N_("The line {0} is not in the order {1}"), edit.name, order.name) for edit in unknown], EditRefused
    )
    for edit in edits:
        before = _shown(rows.get(edit.name))
        row = _change_line(order, rows.get(edit.name), edit)
        kind = "Gifts" if edit.is_gift or (before and before["is_gift"]) else "Items"
        order.log("Edit", kind, order.why, {"before": before, "after": _shown(row)})


def _change_line(order: WorkingOrder, row: Any, edit: LineEdit) -> Any:
    qty = decimal_of(edit.qty) if edit.qty is not None else decimal_of(row.qty if row else 1)
    if row is not None and qty == 0:
        order.drop_line(row)
        return None
    values: dict[str, Any] = {"qty": float(qty)}
    if edit.rate is not None:
        values["rate"] = float(decimal_of(edit.rate))
    if row is None:
        return _add(order, edit, values)
    if edit.sku and edit.sku != row.sku:
        return _exchange(order, row, edit, values)
    order.put_line(row, **values)
    if (
        decimal_of(row.get("reserved_qty")) > qty
    ):  # a reservation only grows: what is too much is given back with the line
        return order.replace_line(row)
    return row


def _exchange(order: WorkingOrder, row: Any, edit: LineEdit, values: Mapping[str, Any]) -> Any:
    """Put another SKU in the place of a line's; a combo is entered anew, for its components come instead."""
    if not _sold(edit.sku).is_combo:
        return order.replace_line(row, **{"sku": edit.sku, **_facts(edit.sku), **values})
    order.drop_line(row)
    return _add(order, edit, {"rate": row.rate, **values})


def _add(order: WorkingOrder, edit: LineEdit, values: Mapping[str, Any]) -> Any:
    facts = _facts(edit.sku)
    if not edit.is_gift and "rate" not in values:
        (found,) = list_prices.quote(order.head, [(edit.sku, decimal_of(values["qty"]))])
        values = {**values, "rate": float(found.rate), **list_prices.origin_of(found)} if found else values
    line = {
        "sku": edit.sku,
        "rate": 0.0,
        "discount_amount": 0.0,
        "warehouse": order.warehouse,
        "is_gift": int(edit.is_gift),
        **facts,
        **values,
    }
    if not _sold(edit.sku).is_combo:
        return order.add_line(**line)
    for component in catalog.combo_rows(frappe._dict(line), _sold(edit.sku), order.currency):
        order.add_line(**component)
    return frappe._dict(line)


def _sold(sku: str) -> SkuFacts:
    known = catalog_store.load_skus([sku]).get(sku.casefold())
    if known is None or known.disabled:
        refuse_with([problem(N_("{0} {1} does not exist"), words("SKU"), sku)], frappe.LinkValidationError)
    return known


def _facts(sku: str) -> dict[str, Any]:
    known = _sold(sku)
    return {
        "sku": known.name,
        "sku_name": known.sku_name,
        "stock_uom": known.stock_uom,
        "tax_rate": float(known.tax_rate),
    }


def _shown(row: Any) -> dict[str, Any] | None:
    return None if row is None else {field: row.get(field) for field in ("sku", "qty", "rate", "is_gift")}


def _follow(order: WorkingOrder, kinds: Sequence[EditKind], run: Run) -> None:
    """Do what edits ask for: the other warehouse for the lines, prices, the key for merging, processing again."""
    codes = {kind.code for kind in kinds}
    if "Warehouse" in codes:
        inventory.check_serving(order.company, [order.warehouse])
        for row in list(order.lines):
            if row.warehouse != order.warehouse:
                order.replace_line(row, warehouse=order.warehouse)
    if "Carrier" in codes:
        carriers.refuse_switched_off(order.carrier)
    if codes & {"Items", "Prices", "Gifts", "Discount"}:
        reprice([order])
    if "Address" in codes:
        follow_address(order)
        order.put(merge_key=merge_key_of(order, run.terms(order)))
    if any(kind.reprocess for kind in kinds):
        order.put(cleared_reasons=None)
    if "Warehouse" in codes:
        order.put(warehouse_by_hand=1)
    if any(kind.reprocess for kind in kinds) and (order.status, machine.REPROCESS) in machine.TRANSITIONS:
        order.step(machine.REPROCESS, run.facts(order))
