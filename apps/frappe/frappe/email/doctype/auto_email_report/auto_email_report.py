"""Controller of the DocType Auto Email Report."""

from frappe.model.document import Document


class AutoEmailReport(Document):
    """A report that is mailed at set times."""
