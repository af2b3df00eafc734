"""Controller of the DocType Website Slideshow Item."""

from frappe.model.document import Document


class WebsiteSlideshowItem(Document):
    """A picture of a slideshow."""
