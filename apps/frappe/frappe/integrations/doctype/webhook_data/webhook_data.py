"""Controller of the DocType Webhook Data."""

from frappe.model.document import Document


class WebhookData(Document):
    """A field of the document and the key it is sent under."""
