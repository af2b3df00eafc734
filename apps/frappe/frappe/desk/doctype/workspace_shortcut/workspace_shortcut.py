"""Controller of the DocType Workspace Shortcut."""

from frappe.model.document import Document


class WorkspaceShortcut(Document):
    """A shortcut on a workspace, with a count where it has filters."""
