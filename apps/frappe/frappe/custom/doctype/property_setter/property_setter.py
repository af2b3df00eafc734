"""Changes one attribute of a DocType or field on this site."""

from frappe.model.document import Document


class PropertySetter(Document):
    """A Property Setter document."""
