"""A product (商品, SPU): groups SKUs."""

from frappe.model.document import Document


class Product(Document):
    """A product (商品, SPU): groups SKUs."""
