"""Controller of the DocType Workflow Action Permitted Role."""

from frappe.model.document import Document


class WorkflowActionPermittedRole(Document):
    """A role that may take a waiting step."""
