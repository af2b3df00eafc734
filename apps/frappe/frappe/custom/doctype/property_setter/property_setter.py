"""Controller of the DocType Property Setter."""

from frappe.model.document import Document


class PropertySetter(Document):
    """Changes one attribute of a DocType or field on this site."""
