"""Controller of the DocType Workspace Number Card."""

from frappe.model.document import Document


class WorkspaceNumberCard(Document):
    """A number card on a workspace."""
