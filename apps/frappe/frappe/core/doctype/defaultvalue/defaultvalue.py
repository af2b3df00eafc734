"""A default of a user or of the whole site."""

from frappe.model.document import Document


class DefaultValue(Document):
    """One row of DefaultValue; its parent validates it."""
