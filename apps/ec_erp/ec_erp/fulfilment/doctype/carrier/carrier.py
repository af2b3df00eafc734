"""A carrier of parcels (物流公司)."""

from frappe.model.document import Document


class Carrier(Document):
    """A carrier of parcels (物流公司)."""
