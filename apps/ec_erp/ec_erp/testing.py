"""What tests of documents share: a small company with goods, and words for what happens to them.

Works wherever the framework runs tests (``bench run-tests``, pytest with a site). Everything is rolled back.
"""

from __future__ import annotations

import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe

COUNTED = {"select", "insert", "update", "delete"}
REMEMBERED = (
    *(
        "SKU",
        "Shop",
        "Charge Type",
        "Account",
        "Warehouse",
        "Company",
        "Customer",
        "Supplier",
        "Stock Reason",
        "Storage Bin",
    ),
    *("Order Settings", "Fulfilment Settings"),
)


class TradeCase(unittest.TestCase):
    """A company in CNY with two warehouses, a supplier, a customer and three SKUs (two by the piece, one by weight)."""

    needs_site = True  # this bench's test runner connects such classes to its test site

    company: str
    warehouse: str
    other_warehouse: str
    supplier: str
    customer: str
    a: str
    b: str
    by_weight: str

    @classmethod
    def setUpClass(cls) -> None:
        """Make the company; it lives until the class is done."""
        super().setUpClass()
        if not getattr(frappe.local, "db", None):
            raise unittest.SkipTest("needs a site with ec_erp installed")
        frappe.set_user("Administrator")
        suffix = frappe.generate_hash(length=5)
        cls.company = make("Company", company_name=f"Test {suffix}", abbr=f"T{suffix}", default_currency="CNY").name
        cls.warehouse = make("Warehouse", warehouse_name=f"Main {suffix}", company=cls.company).name
        cls.other_warehouse = make("Warehouse", warehouse_name=f"Other {suffix}", company=cls.company).name
        cls.supplier = make("Supplier", supplier_name=f"Supplier {suffix}").name
        cls.customer = make("Customer", customer_name=f"Customer {suffix}").name
        cls.a = make("SKU", sku_code=f"A-{suffix}", sku_name="Cup", standard_rate=20, tax_rate=13).name
        cls.b = make("SKU", sku_code=f"B-{suffix}", sku_name="Plate", purchase_rate=3, tax_rate=0).name
        cls.by_weight = make("SKU", sku_code=f"K-{suffix}", stock_uom="Kilogram", tax_rate=9).name
        frappe.db.set_value("Company", cls.company, "default_warehouse", cls.warehouse)
        frappe.clear_document_cache("Company", cls.company)

    @classmethod
    def tearDownClass(cls) -> None:
        """Forget the company."""
        frappe.db.rollback()
        frappe.clear_cache()
        super().tearDownClass()

    def setUp(self) -> None:
        """Remember where the test began."""
        super().setUp()
        frappe.set_user("Administrator")
        frappe.local.lang = "en"
        frappe.db.savepoint("before_test")

    def tearDown(self) -> None:
        """Undo the test."""
        frappe.set_user("Administrator")
        undo("before_test")
        frappe.clear_messages()
        super().tearDown()

    def buy(self, sku: str, qty: float, rate: float, **fields: Any) -> Any:
        """Receive goods without an order; return the receipt."""
        items = [{"sku": sku, "qty": qty, "rate": rate, "warehouse": fields.pop("warehouse", self.warehouse)}]
        receipt = new("Purchase Receipt", company=self.company, supplier=self.supplier, items=items, **fields)
        return submitted(receipt)

    def order(self, *lines: tuple[str, float, float], **fields: Any) -> Any:
        """Accept an order of (SKU, quantity, rate) lines; return it."""
        return submitted(self.draft_order(*lines, **fields))

    def draft_order(self, *lines: tuple[str, float, float], **fields: Any) -> Any:
        """Return an order that is not saved."""
        items = [{"sku": sku, "qty": qty, "rate": rate} for sku, qty, rate in lines]
        values = {"company": self.company, "customer": self.customer, **fields}
        return new("Sales Order", items=items, **values)

    def deliver(self, order: Any, **fields: Any) -> Any:
        """Deliver what is open of an order; return the note."""
        return submitted(new("Delivery Note", sales_order=order.name, **fields))

    def purchase_order(self, *lines: tuple[str, float, float], **fields: Any) -> Any:
        """Approve a purchase order of (SKU, quantity, rate) lines; return it."""
        items = [{"sku": sku, "qty": qty, "rate": rate, "warehouse": self.warehouse} for sku, qty, rate in lines]
        return submitted(new("Purchase Order", company=self.company, supplier=self.supplier, items=items, **fields))

    def stock(self, sku: str, warehouse: str | None = None) -> dict[str, float]:
        """Return the balance of a SKU: on_hand, available, reserved, on_order, value."""
        fields = ["on_hand", "available", "reserved", "on_order", "value"]
        name = f"{sku}|{warehouse or self.warehouse}"
        found = frappe.db.get_value("Stock Balance", name, fields, as_dict=True)
        return dict(found) if found else dict.fromkeys(fields, 0.0)

    def booked(self, voucher: Any) -> dict[str, float]:
        """Return what a document (cancellation included) did to the general ledger, by account code; zeros left out."""
        rows = frappe.get_all(
            "GL Entry",
            filters={"voucher_type": voucher.doctype, "voucher_no": voucher.name},
            fields=["account", "debit", "credit"],
        )
        totals: dict[str, float] = {}
        for row in rows:
            code = row.account.split(" ")[0]
            totals[code] = round(totals.get(code, 0) + row.debit - row.credit, 2)
        return {code: total for code, total in totals.items() if total}

    def entries(self, voucher: Any) -> list[tuple[float, float]]:
        """Return quantity and value changes of a document in the stock ledger, in order."""
        rows = frappe.get_all(
            "Stock Ledger Entry",
            filters={"voucher_type": voucher.doctype, "voucher_no": voucher.name},
            fields=["qty_change", "value_change"],
            order_by="name asc",
        )
        return [(row.qty_change, row.value_change) for row in rows]

    @contextmanager
    def refused(self, error: type[Exception], *words: str) -> Iterator[None]:
        """Expect an error whose message has all the words; undo what was written before it, as a request would."""
        frappe.db.savepoint("before_refusal")
        with self.assertRaises(error) as caught:  # noqa: PT027  runs where there is no pytest
            yield
        undo("before_refusal")
        for word in words:
            assert word in str(caught.exception), str(caught.exception)

    @contextmanager
    def at_most(self, statements: int) -> Iterator[None]:
        """Expect no more SQL statements than this inside the block."""
        with counting() as counted:
            yield
        assert len(counted) <= statements, "\n".join(counted)


def undo(save_point: str) -> None:
    """Go back to a savepoint, cached documents included: upstream forgets these only when a transaction ends."""
    frappe.db.rollback(save_point=save_point)
    for doctype in REMEMBERED:
        frappe.clear_document_cache(doctype)


def only_our_statements() -> None:
    """Skip a test that counts statements where the framework's own ones are counted, too, as upstream's are."""
    with counting() as sent:
        frappe.db.exists("User", "Administrator")
    if sent:
        raise unittest.SkipTest("the framework's own statements are counted here")


def new(doctype: str, **fields: Any) -> Any:
    """Return a document that is not saved."""
    return frappe.get_doc({"doctype": doctype, **fields})


def make(doctype: str, **fields: Any) -> Any:
    """Return a saved document."""
    return new(doctype, **fields).insert()


def submitted(doc: Any) -> Any:
    """Save and submit a document; return it."""
    if not doc.name:
        doc.insert()
    doc.submit()
    return doc


def again(doc: Any) -> Any:
    """Return a document as it is in the database now."""
    return frappe.get_doc(doc.doctype, doc.name)


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the SQL statements that are sent inside the block."""
    sent: list[str] = []
    original = frappe.db.sql

    def remember(query: Any, *args: Any, **kwargs: Any) -> Any:
        if str(query).split(None, 1)[0].strip("(").lower() in COUNTED:
            sent.append(str(query)[:200])
        return original(query, *args, **kwargs)

    frappe.db.sql = remember
    try:
        yield sent
    finally:
        frappe.db.sql = original
