"""SKUs: least fields, codes, barcodes, what is not there yet."""

import frappe

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

    def combo(self, *components):
        rows = [{"sku": sku, "qty": qty, "share": share} for sku, qty, share in components]
        return make("SKU", sku_code=self.code(), is_combo=1, standard_rate=30, components=rows)

    def test_an_order_of_a_combo_is_an_order_of_its_components(self):
        self.buy(self.a, 10, 10)
        self.buy(self.b, 10, 3)
        combo = self.combo((self.a, 2, 70), (self.b, 1, 30))
        order = self.order((combo.name, 3, 33.33))
        rows = [(row.sku, row.qty, row.amount, row.combo_sku, row.combo_qty) for row in order.items]
        assert rows == [(self.a, 6, 69.99, combo.name, 3), (self.b, 3, 30, combo.name, 3)]
        assert (order.grand_total, self.stock(self.a)["reserved"]) == (99.99, 6)

    def test_a_combo_has_no_stock_of_its_own(self):
        combo = self.combo((self.a, 1, 0))
        with self.refused(DocumentRefused, "is a combo and has no stock"):
            self.buy(combo.name, 1, 1)
        with self.refused(DocumentRefused, "can't be part of a combo"):
            self.combo((combo.name, 1, 0))

    def test_what_can_be_sold_of_a_combo(self):
        self.buy(self.a, 10, 10)
        self.buy(self.b, 4, 3)
        combo = self.combo((self.a, 3, 0), (self.b, 2, 0))
        (row,) = frappe.get_attr("ec_erp.inventory.api.get_availability")([combo.name], [self.warehouse])
        assert row["sellable"] == 2

    def test_the_matrix_of_a_product(self):
        rows = [
            {"attribute": "Colour", "attribute_values": "Red\nBlue"},
            {"attribute": "Size", "attribute_values": "M, L"},
        ]
        product = make("Product", product_name="Shirt", attributes=rows)
        prefix = self.code()
        assert product.make_variants(prefix) == [
            f"{prefix}-{value}" for value in ("Red-M", "Red-L", "Blue-M", "Blue-L")
        ]
        assert product.make_variants(prefix) == []
        assert frappe.db.get_value("SKU", f"{prefix}-Red-M", ["product", "variant"]) == (
            product.name,
            "Colour=Red; Size=M",
        )
