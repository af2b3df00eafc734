"""Controller of the DocType Webhook Request Log."""

from frappe.model.document import Document


class WebhookRequestLog(Document):
    """A request that a webhook made, with the answer."""
