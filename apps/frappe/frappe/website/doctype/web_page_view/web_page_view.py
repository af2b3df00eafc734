"""Controller of the DocType Web Page View."""

from frappe.model.document import Document


class WebPageView(Document):
    """A visit to a page of the site."""
