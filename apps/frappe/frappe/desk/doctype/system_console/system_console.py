"""Controller of the DocType System Console."""

from frappe.model.document import Document


class SystemConsole(Document):
    """Runs a piece of Python or SQL and shows its output."""
