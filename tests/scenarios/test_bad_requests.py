"""Deliberate bad requests over a real connection: each gets a clear message and the right status, and changes nothing.

"Nothing" is every row of every table of the site: the framework's own, sessions, logs and series included.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from frappe_engine.testing.fingerprints import changed_tables, fingerprint
from trade_api import ADMINISTRATOR, SYSTEM, Answer, Api

LINE = {"sku": "GOOD", "qty": 1, "rate": 5}
JSON = {"Content-Type": "application/json"}


@dataclass
class Shop:
    """A served shop with 3 of one SKU, and documents in every state."""

    site: Any
    address: str
    names: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def look(self) -> list[str]:
        """Give the tables that changed since the last look, of all tables there are."""
        before = self.known
        with self.site.connected():
            self.known = fingerprint()
        return changed_tables(before, self.known)


@pytest.fixture(scope="module")
def shop(http_site: tuple[Any, str]) -> Shop:
    """Set the shop up through its API."""
    site, address = http_site
    api = Api(address, ADMINISTRATOR)
    api.create("Company", company_name="Bad", abbr="BAD", default_currency="CNY")
    for name in ("Bad Main", "Bad Closed"):
        api.create("Warehouse", warehouse_name=name, company="Bad", disabled=int(name == "Bad Closed"))
    api.create("Supplier", supplier_name="Maker")
    api.create("Customer", customer_name="Taker")
    api.create("SKU", sku_code="GOOD", standard_rate=5, tax_rate=13)
    api.create("SKU", sku_code="GONE", disabled=1)
    items = [{"sku": "GOOD", "qty": 3, "rate": 2, "warehouse": "Bad Main"}]
    api.submit("Purchase Receipt", company="Bad", supplier="Maker", items=items)
    submitted = api.submit("Sales Order", **order())["name"]
    note = api.submit("Delivery Note", sales_order=submitted)["name"]
    cancelled = api.submit("Sales Order", **order())["name"]
    api.change("Sales Order", cancelled, docstatus=2)
    draft = api.create("Sales Order", **order())["name"]
    entry = api.find("GL Entry", "name")[0][0]
    movement = api.find("Stock Ledger Entry", "name")[0][0]
    names = {"submitted": submitted, "cancelled": cancelled, "draft": draft, "note": note}
    made = Shop(site, address, {**names, "entry": entry, "movement": movement})
    made.look()
    return made


def order(**changes: Any) -> dict[str, Any]:
    fields = {"company": "Bad", "customer": "Taker", "warehouse": "Bad Main", "items": [LINE], **changes}
    return {key: value for key, value in fields.items() if value is not None}


def journal(account: str, debit: float, credit: float) -> dict[str, Any]:
    lines = [{"account": f"{account} - BAD", "debit": debit}, {"account": "1001 库存现金 - BAD", "credit": credit}]
    return {"company": "Bad", "lines": lines}


def new(doctype: str, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    return "POST", f"resource/{doctype}", {"json": fields}


def new_order(**changes: Any) -> tuple[str, str, dict[str, Any]]:
    return new("Sales Order", **order(**changes))


def line(**changes: Any) -> tuple[str, str, dict[str, Any]]:
    return new_order(items=[{**LINE, **changes}])


def change(doctype: str, which: str, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    return "PUT", f"resource/{doctype}/{{{which}}}", {"json": fields}


def call(method: str, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    return "POST", f"method/{method}", {"json": fields}


def on(action: str, doctype: str, which: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return call(f"frappe.client.{action}", doctype=doctype, name=f"{{{which}}}", **more)


def rename(doctype: str, which: str, to: str) -> tuple[str, str, dict[str, Any]]:
    return call("frappe.client.rename_doc", doctype=doctype, old_name=f"{{{which}}}", new_name=to)


def resubmit() -> tuple[str, str, dict[str, Any]]:
    return call("frappe.client.submit", doc={"doctype": "Sales Order", "name": "{submitted}", **STALE})


def raw(method: str, path: str, text: bytes, **headers: str) -> tuple[str, str, dict[str, Any]]:
    return method, path, {"data": text, "headers": {**JSON, **headers}}


NOT_THERE, NOT_ALLOWED, REFUSED, TAKEN = 404, 403, 417, 409
STALE = {"modified": "2020-01-01 00:00:00"}

# name: (request, status, kind, words of the message)
BAD: dict[str, tuple[tuple[str, str, dict[str, Any]], int, str, tuple[str, ...]]] = {
    # values of a document
    "unknown SKU": (line(sku="NO-SUCH"), REFUSED, "LinkValidationError", ("NO-SUCH",)),
    "disabled SKU": (line(sku="GONE"), REFUSED, "", ("GONE", "disabled")),
    "negative quantity": (line(qty=-1), REFUSED, "", ("Row 1", "GOOD")),
    "no quantity": (line(qty=0), REFUSED, "", ("Row 1", "GOOD")),
    "half a piece": (line(qty=0.5), REFUSED, "", ("whole units",)),
    "negative price": (line(rate=-1), REFUSED, "", ("price of GOOD",)),
    "text in a number": (line(qty="many"), REFUSED, "", ("Quantity", "many")),
    "an object in a number": (line(qty={"a": 1}), REFUSED, "", ("Quantity",)),
    "a list in a text": (new_order(receiver_name=["x"]), REFUSED, "", ("Receiver",)),
    "a text for the rows": (new_order(items="GOOD"), REFUSED, "", ("Items",)),
    "a text as a row": (new_order(items=["GOOD"]), REFUSED, "", ("Items",)),
    "a number too large": (line(rate=10**30), REFUSED, "CharacterLengthExceededError", ("Row #1", "Price")),
    "no date": (new_order(order_datetime="yesterday-ish"), REFUSED, "InvalidDateError", ("yesterday-ish",)),
    "a day that does not exist": (new_order(order_datetime="2026-02-30 10:00:00"), REFUSED, "InvalidDateError", ("2026-02-30",)),
    "wrong currency": (new_order(currency="USD"), REFUSED, "", ("CNY", "USD")),
    "missing field": (new("Purchase Order", company="Bad", items=[LINE]), REFUSED, "MandatoryError", ("Supplier",)),
    "missing rows": (new_order(items=[]), REFUSED, "", ("at least one item",)),
    "missing SKU in a row": (new_order(items=[{"qty": 1}]), REFUSED, "MandatoryError", ("Row 1", "SKU")),
    "over-long text": (new_order(receiver_name="x" * 200), REFUSED, "CharacterLengthExceededError", ("140",)),
    "unknown customer": (new_order(customer="Nobody"), REFUSED, "LinkValidationError", ("Nobody",)),
    "unknown company": (new_order(company="Nowhere"), REFUSED, "LinkValidationError", ("Nowhere",)),
    "closed warehouse": (new_order(warehouse="Bad Closed"), REFUSED, "", ("Bad Closed", "disabled")),
    "a value not among the options": (new("SKU", sku_code="N", status="Flying"), REFUSED, "", ("Flying",)),
    "discount above the price": (new_order(discount_amount=6), REFUSED, "", ("discount 6",)),
    "unbalanced entry": (new("Journal Entry", **journal("1002 银行存款", 5, 4)), REFUSED, "", ("5", "4")),
    "stock account by hand": (new("Journal Entry", **journal("1405 库存商品", 5, 5)), REFUSED, "", ("1405",)),
    "the same SKU again": (new("SKU", sku_code="GOOD"), TAKEN, "DuplicateEntryError", ("GOOD",)),
    "the same SKU in small letters": (new("SKU", sku_code="good"), TAKEN, "DuplicateEntryError", ("good",)),
    # states of a document
    "more than there is": (new_order(items=[{**LINE, "qty": 4}], docstatus=1), REFUSED, "", ("needed", "available")),
    "delivery of an unknown order": (new("Delivery Note", sales_order="SO-0"), REFUSED, "", ("SO-0",)),
    "delivery beyond the order": (new("Delivery Note", sales_order="{submitted}", docstatus=1), REFUSED, "", ("at least one item",)),
    "submit of a submitted document": (resubmit(), REFUSED, "TimestampMismatchError", ("modified",)),
    "back to a draft": (change("Sales Order", "submitted", docstatus=0), REFUSED, "DocstatusTransitionError", ()),
    "change of a submitted document": (change("Sales Order", "submitted", customer="Maker"), REFUSED, "", ("Customer",)),
    "cancel of a cancelled document": (on("cancel", "Sales Order", "cancelled"), REFUSED, "", ("cancelled document",)),
    "submit of a cancelled document": (change("Sales Order", "cancelled", docstatus=1), REFUSED, "", ()),
    "cancel of a draft": (change("Sales Order", "draft", docstatus=2), REFUSED, "DocstatusTransitionError", ()),
    "cancel of what others stand on": (change("Sales Order", "submitted", docstatus=2), REFUSED, "", ("{submitted}", "Shipped")),
    "deletion of a submitted document": (("DELETE", "resource/Sales Order/{submitted}", {}), REFUSED, "", ("{submitted}",)),
    "deletion of what others link to": (("DELETE", "resource/SKU/GOOD", {}), REFUSED, "LinkExistsError", ("GOOD",)),
    "somebody else saved first": (change("Sales Order", "draft", **STALE), REFUSED, "TimestampMismatchError", ("modified",)),
    # ledgers, by Administrator
    "a ledger row by hand": (new("GL Entry", company="Bad", debit=5), NOT_ALLOWED, "", ("postings only",)),
    "editing a ledger row": (change("GL Entry", "entry", debit=5), NOT_ALLOWED, "", ("GL Entry",)),
    "editing a stock movement": (change("Stock Ledger Entry", "movement", qty_change=99), NOT_ALLOWED, "", ("Stock Ledger Entry",)),
    "setting a value in the ledger": (on("set_value", "GL Entry", "entry", fieldname="debit", value=5), NOT_ALLOWED, "", ("GL Entry",)),
    "deleting a ledger row": (("DELETE", "resource/GL Entry/{entry}", {}), NOT_ALLOWED, "", ("GL Entry",)),
    "deleting a movement by RPC": (on("delete", "Stock Ledger Entry", "movement"), NOT_ALLOWED, "", ("Stock Ledger Entry",)),
    "renaming a ledger row": (rename("GL Entry", "entry", "mine"), NOT_ALLOWED, "", ("GL Entry",)),
    # the request itself
    "malformed JSON": (raw("POST", "resource/SKU", b'{"sku_code": "X"'), REFUSED, "ValidationError", ("JSON",)),
    "JSON that is no object": (raw("POST", "resource/SKU", b"17"), REFUSED, "ValidationError", ()),
    "bytes that are no text": (raw("POST", "resource/SKU", b'{"sku_code": "\xff\xfe"}'), REFUSED, "ValidationError", ("JSON",)),
    "not a number": (raw("POST", "resource/SKU", b'{"sku_code": "X", "standard_rate": NaN}'), REFUSED, "", ()),
    "unknown DocType": (new("No Such Thing", x=1), NOT_THERE, "DoesNotExistError", ("No Such Thing",)),
    "unknown document": (change("Sales Order", "missing", seller_remark="x"), NOT_THERE, "DoesNotExistError", ("SO-MISSING",)),
    "unknown field in a list": (("GET", 'resource/SKU?fields=["price_of_gold"]', {}), REFUSED, "DataError", ("price_of_gold",)),
    "unknown field in filters": (("GET", 'resource/SKU?filters={"price_of_gold": 1}', {}), REFUSED, "", ("price_of_gold",)),
    "filters that are no JSON": (("GET", "resource/SKU?filters={bad", {}), REFUSED, "ValidationError", ("filters",)),
    "SQL in the order": (("GET", "resource/SKU?order_by=name;drop table tabSKU", {}), REFUSED, "", ()),
    "unknown function": (call("ec_erp.no.such.function"), REFUSED, "ValidationError", ("ec_erp.no.such.function",)),
    "a function that is not public": (call("frappe.delete_doc", doctype="SKU", name="GOOD"), NOT_ALLOWED, "PermissionError", ()),
    # arguments of functions
    "rows for filters": (call("ec_erp.orders.inbox_api.list_exceptions", filters="[[1]]"), REFUSED, "", ("object",)),
    "rows for filters of a report": (call("ec_erp.purchasing.api.make_plan_of_what_if", filters="[[1]]"), REFUSED, "", ("object",)),
    "an object for names": (call("ec_erp.orders.inbox_api.fix_exceptions", names={"a": 1}, code="x"), REFUSED, "", ()),
    "half an object for names": (call("ec_erp.fulfilment.api.run_wave_rules", warehouses="[1"), REFUSED, "", ("JSON",)),
    "a moment that is none": (call("ec_erp.inventory.api.get_stock_as_of", moment="0000-00-00"), REFUSED, "", ("0000-00-00",)),
    "a day that is none": (call("ec_erp.purchasing.api.get_free_slots", warehouse="Bad Main", day="soon"), REFUSED, "", ("soon",)),
    "parcels that are none": (call("ec_erp.fulfilment.api.pack", names="x", parcels={"a": {"b": [1]}}), REFUSED, "", ("rows",)),
    "no name for one": (call("ec_erp.purchasing.api.make_payment_entry", source_name=""), REFUSED, "", ("one name",)),
    "a day of nowhere": (call("ec_erp.orders.instalment_api.list_overdue", filters={"as_of": "0000-00-00"}), REFUSED, "", ("0000",)),
}  # fmt: skip


def ask(shop: Shop, case: str, authorization: str = ADMINISTRATOR) -> Answer:
    """Send the request of a case, with the names of this shop's documents in it."""
    method, path, options = BAD[case][0]
    names = {**shop.names, "missing": "SO-MISSING"}
    for which, name in names.items():
        path = path.replace(f"{{{which}}}", quote(name, safe=""))
    if "json" in options:
        text = json.dumps(options["json"])
        for which, name in names.items():
            text = text.replace(f"{{{which}}}", name)
        options = {"data": text.encode(), "headers": JSON}
    return Api(shop.address, authorization).ask(method, path, **options)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_request_is_refused_and_changes_nothing(shop: Shop, case: str) -> None:
    _request, status, kind, words = BAD[case]
    answer = ask(shop, case)
    assert (answer.status, answer.kind or "none") == (status, kind or answer.kind), answer.body
    assert answer.messages.strip(), "it says nothing"
    wanted = [word.format(**shop.names) for word in words]
    assert [word for word in wanted if word not in answer.messages] == [], answer.messages
    assert shop.look() == []


def test_the_same_document_sent_twice_is_submitted_once(shop: Shop) -> None:
    api = Api(shop.address, ADMINISTRATOR)
    document = api.create("Sales Order", **order())
    first = api.ask("POST", "method/frappe.client.submit", json={"doc": document})
    assert "tabSales Order" in shop.look()
    second = api.ask("POST", "method/frappe.client.submit", json={"doc": document})
    assert (first.status, second.status, second.kind) == (200, REFUSED, "TimestampMismatchError")
    assert shop.look() == []


@pytest.mark.parametrize("case", ["editing a ledger row", "deleting a ledger row", "stock account by hand"])
def test_others_are_refused_as_administrator_is(shop: Shop, case: str) -> None:
    assert ask(shop, case, SYSTEM).status == NOT_ALLOWED
    assert shop.look() == []
