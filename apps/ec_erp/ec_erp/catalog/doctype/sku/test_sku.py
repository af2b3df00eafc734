"""SKUs: least fields, codes, barcodes, what is not there yet."""

import frappe

from ec_erp.catalog.errors import NotAvailableYet
from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, make, new


class TestSKU(TradeCase):
    """The stock-keeping level."""

    def code(self):
        return f"S-{frappe.generate_hash(length=6)}"

    def test_least_fields(self):
        code = self.code()
        sku = make("SKU", sku_code=code)
        shown = (sku.name, sku.sku_name, sku.stock_uom, sku.status, sku.valuation_method)
        assert shown == (code, code, "Piece", "Active", "Moving Average")

    def test_zero_tax_is_not_the_default_tax(self):
        assert make("SKU", sku_code=self.code(), tax_rate=0).tax_rate == 0

    def test_a_code_is_needed_and_can_name_a_balance(self):
        with self.refused(frappe.ValidationError):
            new("SKU", sku_name="Nameless").insert()
        with self.refused(DocumentRefused, "must not contain"):
            new("SKU", sku_code="A|B").insert()

    def test_a_code_is_taken_once_whatever_its_case(self):
        code = self.code()
        make("SKU", sku_code=code.upper())
        with self.refused(frappe.DuplicateEntryError):
            new("SKU", sku_code=code.lower()).insert()

    def test_barcodes_belong_to_one_sku(self):
        make("SKU", sku_code=self.code(), barcodes=[{"barcode": "6900000000001"}])
        with self.refused(DocumentRefused, "6900000000001"):
            new("SKU", sku_code=self.code(), barcodes=[{"barcode": "6900000000001"}]).insert()

    def test_what_is_not_there_yet_is_said(self):
        for field in ("is_combo",):
            with self.subTest(field=field), self.refused(NotAvailableYet, "not available"):
                new("SKU", sku_code=self.code(), **{field: 1}).insert()
