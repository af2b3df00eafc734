"""The data-quality board: counts, findings, mending with a preview and with the user's rights."""

import frappe

from ec_erp.catalog.report.data_quality.data_quality import execute
from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, make


def call(name, *args, **kwargs):
    """Call an endpoint of the catalog."""
    return frappe.get_attr(f"ec_erp.catalog.api.{name}")(*args, **kwargs)


class TestDataQuality(TradeCase):
    """SKUs that lack something."""

    def found(self, check):
        return {row["reference_name"]: row["proposal"] for row in execute({"check": check})[1]}

    def count(self, check):
        titles = {row["check"]: row["count"] for row in execute()[1]}
        return titles[check]

    def test_every_check_has_a_count_and_the_card_adds_them_up(self):
        rows = execute()[1]
        assert len(rows) >= 9
        assert call("count_data_problems")["value"] == sum(row["count"] for row in rows)

    def test_a_weight_is_taken_from_siblings_after_a_preview(self):
        product = make("Product", product_name=f"P {self.a}").name
        frappe.db.set_value("SKU", self.a, {"product": product, "weight_g": 250})
        frappe.db.set_value("SKU", self.b, {"product": product, "weight_g": 0})
        assert self.found("Missing Weight")[self.b] == "Weight (g) = 250"
        call("mend_data", "Missing Weight", [self.b], preview=1)
        assert not frappe.db.get_value("SKU", self.b, "weight_g")
        (done,) = call("mend_data", "Missing Weight", [self.b])
        assert (done["name"], done["done"]) == (self.b, True)
        assert frappe.db.get_value("SKU", self.b, "weight_g") == 250
        assert self.b not in self.found("Missing Weight")

    def test_a_listing_is_named_as_people_know_it(self):
        terms = {"platform": "own", "company": self.company, "default_warehouse": self.warehouse}
        shop = make("Shop", shop_name=f"Shop {self.a}", **terms).name
        listing = make("Listing", shop=shop, platform_item_id="I", title="Red mug").name
        frappe.local.lang = "zh"
        columns, rows = execute({"check": "Unmapped Listing"})
        (row,) = [row for row in rows if row["reference_name"] == listing]
        assert (row[columns[0]["fieldname"]], row["why"]) == ("平台商品", "Red mug 没有对应的规格")

    def test_a_barcode_that_two_carry_stays_on_one(self):
        sku = frappe.get_doc("SKU", self.a)
        sku.append("barcodes", {"barcode": f"BC{self.a}"})
        sku.save()
        other = frappe.get_doc("SKU", self.b)
        other.append("barcodes", {"barcode": f"X{self.b}"})
        other.save()
        frappe.db.set_value("SKU Barcode", other.barcodes[0].name, "barcode", f"BC{self.a}")
        before = self.count("Duplicate Barcode")
        call("mend_data", "Duplicate Barcode", list(self.found("Duplicate Barcode")))
        assert self.count("Duplicate Barcode") == before - 1
        owners = frappe.get_all("SKU Barcode", filters={"barcode": f"BC{self.a}"}, pluck="parent")
        assert len(owners) == 1

    def test_a_supplier_price_is_kept_from_the_last_receipt(self):
        self.buy(self.a, 1, 7)
        assert "Price before Tax = 7" in self.found("No Supplier Price")[self.a]
        call("mend_data", "No Supplier Price", [self.a])
        found = frappe.db.get_value("Supplier SKU", {"sku": self.a}, ["supplier", "price"])
        assert tuple(found) == (self.supplier, 7)

    def test_a_proposal_is_told_in_the_readers_language(self):
        make("Supplier SKU", supplier=self.supplier, sku=self.a, price=6)
        frappe.local.lang = "zh"
        assert self.found("Missing Cost")[self.a] == f"{frappe._('Purchase Price')} = 6" != "Purchase Price = 6"

    def test_a_cost_is_taken_from_the_supplier(self):
        make("Supplier SKU", supplier=self.supplier, sku=self.a, price=6)
        assert self.found("Missing Cost")[self.a] == "Purchase Price = 6"

    def test_a_combo_of_what_is_switched_off(self):
        combo = make("SKU", sku_code=f"SET{self.a}", is_combo=1, components=[{"sku": self.b, "qty": 1}]).name
        frappe.db.set_value("SKU", self.b, "disabled", 1)
        assert self.found("Broken Combo")[combo] == "Disabled = Yes"

    def test_a_listing_is_mapped_by_its_code(self):
        shop = make("Shop", shop_name=f"S {self.a}", platform="own", company=self.company, currency="CNY").name
        values = {"shop": shop, "title": "Cup", "platform_item_id": "1", "outer_code": f"69{self.a}"}
        listing = make("Listing", **values)
        assert not self.found("Unmapped Listing")[listing.name], "nothing has this code yet"
        sku = frappe.get_doc("SKU", self.a)
        sku.append("barcodes", {"barcode": f"69{self.a}".upper()})
        sku.save()
        assert self.found("Unmapped Listing")[listing.name] == f"SKU = {self.a}"
        call("mend_data", "Unmapped Listing", [listing.name])
        assert frappe.db.get_value("Listing", listing.name, ["sku", "match_state"]) == (self.a, "Matched")

    def test_what_is_refused_is_reported_and_changes_nothing(self):
        product = make("Product", product_name=f"R {self.a}").name
        frappe.db.set_value("SKU", self.a, {"product": product, "weight_g": 250})
        frappe.db.set_value("SKU", self.b, {"product": product, "weight_g": 0})
        sku = frappe.get_doc("SKU", self.b)
        sku.append("units", {"uom": "Box", "ratio": 6})
        sku.save()
        frappe.db.set_value("SKU Unit", sku.units[0].name, "ratio", 0)
        (done,) = call("mend_data", "Missing Weight", [self.b])
        assert (done["done"], "Box" in done["message"]) == (False, True)
        assert not frappe.db.get_value("SKU", self.b, "weight_g")

    def test_only_who_may_write_skus_mends(self):
        user = make(
            "User", email=f"{frappe.generate_hash(length=6)}@example.com", first_name="Nobody", send_welcome_email=0
        ).name
        frappe.set_user(user)
        with self.refused(frappe.PermissionError):
            call("mend_data", "Missing Weight")

    def test_an_unknown_check_is_refused(self):
        with self.refused(DocumentRefused, "There is no check"):
            execute({"check": "Nothing"})
