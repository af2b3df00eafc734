"""A product (商品, SPU): groups SKUs."""

import frappe
from frappe.model.document import Document

from ec_erp.catalog import flows


class Product(Document):
    """A product (商品, SPU): groups SKUs."""

    @frappe.whitelist(methods=["POST"])
    def make_variants(self, prefix: str | None = None) -> list[str]:
        """Make the SKUs of all combinations of its attributes that do not exist yet; return their codes."""
        self.check_permission("write")
        return flows.make_variants(self, prefix)
