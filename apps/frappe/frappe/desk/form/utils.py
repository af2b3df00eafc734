"""Small calls of forms."""

from frappe_engine.desk.attachments import remove_attach
from frappe_engine.desk.connections import get_next
from frappe_engine.desk.people import add_comment, update_comment, update_comment_publicity

__all__ = ["add_comment", "get_next", "remove_attach", "update_comment", "update_comment_publicity"]
