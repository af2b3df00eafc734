"""Controller of the DocType Print Format Field Template."""

from frappe.model.document import Document


class PrintFormatFieldTemplate(Document):
    """A template for one field in drawn print formats."""
