"""Controller of the DocType Desktop Icon."""

from frappe.model.document import Document


class DesktopIcon(Document):
    """An entry of the first page of the desk."""
