"""One attribute of a product with its values (属性)."""

from frappe.model.document import Document


class ProductAttribute(Document):
    """One attribute of a product with its values (属性)."""
