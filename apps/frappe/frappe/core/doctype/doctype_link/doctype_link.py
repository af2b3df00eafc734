"""Controller of the DocType DocType Link."""

from frappe.model.document import Document


class DocTypeLink(Document):
    """A DocType whose documents point to this one, shown on the form with a count."""
