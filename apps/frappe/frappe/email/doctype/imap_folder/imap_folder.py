"""Controller of the DocType IMAP Folder."""

from frappe.model.document import Document


class IMAPFolder(Document):
    """A folder of a mailbox that is read."""
