"""Controller of the DocType Help Article."""

from frappe.model.document import Document


class HelpArticle(Document):
    """An article of the help pages."""
