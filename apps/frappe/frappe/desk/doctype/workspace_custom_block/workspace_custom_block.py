"""Controller of the DocType Workspace Custom Block."""

from frappe.model.document import Document


class WorkspaceCustomBlock(Document):
    """A block of an administrator's own HTML on a workspace."""
