"""What kinds of fields there are and what they share.

Invariant: pure data.
"""

from __future__ import annotations

from frappe_engine.kit.columns import LAYOUT_TYPES, NO_COLUMN, NUMERIC_TYPES, TABLE_TYPES

DATA_TYPES: tuple[str, ...] = (
    "Currency", "Int", "Long Int", "Float", "Percent", "Check", "Small Text", "Long Text", "Code", "Text Editor",
    "Markdown Editor", "HTML Editor", "Date", "Datetime", "Time", "Text", "Data", "Link", "Dynamic Link", "Password",
    "Select", "Rating", "Read Only", "Attach", "Attach Image", "Signature", "Color", "Barcode", "Geolocation",
    "Duration", "Icon", "Phone", "Autocomplete", "JSON",
)  # fmt: skip
ALL_TYPES = frozenset(DATA_TYPES) | NO_COLUMN
ATTACHMENT_TYPES = ("Attach Image", "Attach", "Signature")
DISPLAY_TYPES = LAYOUT_TYPES
DEFAULT_FIELDS = (
    "doctype", "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx",
)  # fmt: skip
CHILD_TABLE_FIELDS = ("parent", "parentfield", "parenttype")
OPTIONAL_FIELDS = ("_user_tags", "_comments", "_assign", "_liked_by", "_seen")
LOG_TYPES = frozenset({"Version", "Error Log", "Scheduled Job Log", "Event Sync Log", "Route History", "View Log"})
STANDARD_LABELS = {
    "name": "ID",
    "creation": "Created On",
    "docstatus": "Document Status",
    "idx": "Index",
    "modified": "Last Updated On",
    "modified_by": "Last Updated By",
    "owner": "Created By",
    "_user_tags": "Tags",
    "_liked_by": "Liked By",
    "_comments": "Comments",
    "_assign": "Assigned To",
    "parent": "Parent",
    "parenttype": "Parent Type",
    "parentfield": "Parent Field",
}
STANDARD_TYPES = {
    "name": "Data",
    "owner": "Link",
    "creation": "Datetime",
    "modified": "Datetime",
    "modified_by": "Link",
    "docstatus": "Int",
    "idx": "Int",
}

__all__ = [
    "ALL_TYPES",
    "ATTACHMENT_TYPES",
    "CHILD_TABLE_FIELDS",
    "DATA_TYPES",
    "DEFAULT_FIELDS",
    "DISPLAY_TYPES",
    "LAYOUT_TYPES",
    "LOG_TYPES",
    "NO_COLUMN",
    "NUMERIC_TYPES",
    "OPTIONAL_FIELDS",
    "STANDARD_LABELS",
    "STANDARD_TYPES",
    "TABLE_TYPES",
]
