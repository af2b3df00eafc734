"""Small calls of forms."""

from urllib.parse import urlencode

from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.attachments import remove_attach
from frappe_engine.desk.connections import get_next
from frappe_engine.desk.people import add_comment, update_comment, update_comment_publicity

__all__ = ["add_comment", "get_next", "get_pdf_link", "remove_attach", "update_comment", "update_comment_publicity"]


@whitelist()
def get_pdf_link(doctype: str, docname: str, print_format: str = "Standard", no_letterhead: int = 0) -> str:
    """Give the path at which a document is printed as PDF, for those who may print it."""
    asked = {"doctype": doctype, "name": docname, "format": print_format, "no_letterhead": no_letterhead}
    return f"/api/method/frappe.utils.print_format.download_pdf?{urlencode(asked)}"
