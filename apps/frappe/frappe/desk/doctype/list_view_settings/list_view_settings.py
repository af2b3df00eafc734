"""Controller of the DocType List View Settings, and its calls."""

from frappe_engine.desk.list_settings import get_default_listview_fields, save_listview_settings

from frappe.model.document import Document

__all__ = ["ListViewSettings", "get_default_listview_fields", "save_listview_settings"]


class ListViewSettings(Document):
    """How the list of a DocType looks for everybody."""
