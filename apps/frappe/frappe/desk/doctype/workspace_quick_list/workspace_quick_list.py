"""Controller of the DocType Workspace Quick List."""

from frappe.model.document import Document


class WorkspaceQuickList(Document):
    """The newest documents of a DocType on a workspace."""
