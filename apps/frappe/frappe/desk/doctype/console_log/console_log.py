"""Controller of the DocType Console Log."""

from frappe.model.document import Document


class ConsoleLog(Document):
    """What was run in the console."""
