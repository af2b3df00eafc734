"""An app on this site and the version that was last migrated."""

from frappe.model.document import Document


class InstalledApplication(Document):
    """One row of Installed Application; its parent validates it."""
