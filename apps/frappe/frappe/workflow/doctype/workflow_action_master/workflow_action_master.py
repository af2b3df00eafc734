"""Controller of the DocType Workflow Action Master."""

from frappe.model.document import Document


class WorkflowActionMaster(Document):
    """The name of an action, such as Approve."""
