"""Python of an administrator that runs in a sandbox on an event, an API call or a schedule."""

from frappe.model.document import Document


class ServerScript(Document):
    """A Server Script document."""
