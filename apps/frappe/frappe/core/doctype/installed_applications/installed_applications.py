"""Controller of the DocType Installed Applications."""

from frappe.model.document import Document


class InstalledApplications(Document):
    """The apps of this site in the order in which their hooks apply."""
