"""The apps of this site in the order in which their hooks apply."""

from frappe.model.document import Document


class InstalledApplications(Document):
    """The settings document Installed Applications."""
