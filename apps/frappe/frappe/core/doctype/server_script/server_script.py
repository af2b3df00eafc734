"""Controller of the DocType Server Script."""

from frappe.model.document import Document


class ServerScript(Document):
    """Python of an administrator that runs in a sandbox on an event, an API call or a schedule."""
