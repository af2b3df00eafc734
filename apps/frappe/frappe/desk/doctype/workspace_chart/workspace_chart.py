"""Controller of the DocType Workspace Chart."""

from frappe.model.document import Document


class WorkspaceChart(Document):
    """A chart on a workspace."""
