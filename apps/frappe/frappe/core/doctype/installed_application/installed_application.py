"""Controller of the DocType Installed Application."""

from frappe.model.document import Document


class InstalledApplication(Document):
    """An app on this site and the version that was last migrated."""
