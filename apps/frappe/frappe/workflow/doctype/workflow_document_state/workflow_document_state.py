"""Controller of the DocType Workflow Document State."""

from frappe.model.document import Document


class WorkflowDocumentState(Document):
    """A state of a workflow and who may edit a document in it."""
