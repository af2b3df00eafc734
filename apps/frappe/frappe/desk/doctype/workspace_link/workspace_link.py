"""Controller of the DocType Workspace Link."""

from frappe.model.document import Document


class WorkspaceLink(Document):
    """A link, or the head of a group of links, on a workspace."""
