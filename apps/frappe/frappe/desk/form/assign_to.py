"""Assigning documents to users."""

from frappe_engine.desk.people import assign as add
from frappe_engine.desk.people import assign_many as add_multiple
from frappe_engine.desk.people import close_assignment as close
from frappe_engine.desk.people import given as get
from frappe_engine.desk.people import unassign as remove
from frappe_engine.desk.people import unassign_many as remove_multiple

__all__ = ["add", "add_multiple", "close", "get", "remove", "remove_multiple"]
