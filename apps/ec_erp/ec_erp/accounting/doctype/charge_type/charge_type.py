"""A kind of charge beside goods, and where it is booked (费用类型)."""

from frappe.model.document import Document


class ChargeType(Document):
    """A kind of charge beside goods, and where it is booked (费用类型)."""
