"""Assigning documents to users."""

from frappe_engine.desk.people import assign as add
from frappe_engine.desk.people import assign_many as add_multiple
from frappe_engine.desk.people import assign_trusted as _add
from frappe_engine.desk.people import assignments_for as get
from frappe_engine.desk.people import clear_assignments as clear
from frappe_engine.desk.people import close_all_assignments, set_status
from frappe_engine.desk.people import close_assignment as close
from frappe_engine.desk.people import unassign as remove
from frappe_engine.desk.people import unassign_many as remove_multiple

__all__ = [
    "_add",
    "add",
    "add_multiple",
    "clear",
    "close",
    "close_all_assignments",
    "get",
    "remove",
    "remove_multiple",
    "set_status",
]
