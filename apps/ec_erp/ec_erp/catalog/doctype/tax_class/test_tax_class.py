"""Tax classes: SKUs have their rate, new ones take the category's, lines are split by it."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, again, make, new


class TestTaxClass(TradeCase):
    """A class of nine percent for a category."""

    def setUp(self):
        super().setUp()
        self.tax = make("Tax Class", class_name=f"Food {self.a}", tax_rate=9, tax_code="1030000000000000000")
        parent = make("Product Category", category_name=f"F {self.a}", is_group=1, tax_class=self.tax.name).name
        self.category = make("Product Category", category_name=f"N {self.a}", parent_product_category=parent).name

    def sku(self, **fields):
        return make("SKU", sku_code=f"S-{frappe.generate_hash(length=6)}", **fields)

    def test_a_sku_has_the_rate_of_its_class(self):
        assert self.sku(tax_class=self.tax.name, tax_rate=13).tax_rate == 9

    def test_a_new_sku_takes_the_class_of_its_category(self):
        sku = self.sku(category=self.category)
        assert (sku.tax_class, sku.tax_rate) == (self.tax.name, 9)
        free = self.sku(category=self.category, tax_rate=0)
        assert (free.tax_class, free.tax_rate) == (None, 0)

    def test_lines_of_sales_and_purchases_are_split_by_it(self):
        sku = self.sku(category=self.category).name
        sold = self.draft_order((sku, 1, 109)).insert().items[0]
        bought = new(
            "Purchase Order", company=self.company, supplier=self.supplier, items=[{"sku": sku, "qty": 1, "rate": 100}]
        )
        bought = bought.insert().items[0]
        assert (sold.tax_rate, sold.net_amount, sold.tax_amount) == (9, 100, 9)
        assert (bought.tax_rate, bought.net_amount, bought.tax_amount) == (9, 100, 9)

    def test_skus_follow_a_new_rate_and_documents_keep_theirs(self):
        sku = self.sku(tax_class=self.tax.name)
        order = self.draft_order((sku.name, 1, 109)).insert()
        self.tax.policy = "Exempt"
        self.tax.save()
        assert again(sku).tax_rate == 0
        assert again(order).items[0].tax_rate == 9
        assert self.draft_order((sku.name, 1, 109)).insert().items[0].tax_amount == 0

    def test_codes_are_checked_and_used_classes_stay(self):
        with self.refused(DocumentRefused, "19 digits"):
            new("Tax Class", class_name="X", tax_code="12").insert()
        self.sku(tax_class=self.tax.name)
        with self.refused(frappe.ValidationError):
            self.tax.delete()
