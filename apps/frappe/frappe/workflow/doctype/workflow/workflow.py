"""Controller of the DocType Workflow."""

from frappe.model.document import Document


class Workflow(Document):
    """The states of a DocType and who may move a document from one to the next."""
