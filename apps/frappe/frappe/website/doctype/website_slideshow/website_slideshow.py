"""Controller of the DocType Website Slideshow."""

from frappe.model.document import Document


class WebsiteSlideshow(Document):
    """Pictures that follow each other at the top of a page."""
