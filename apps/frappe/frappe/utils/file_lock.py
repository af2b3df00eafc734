"""Locks kept in files, as apps name their error."""

from frappe.utils.synchronization import LockTimeoutError

__all__ = ["LockTimeoutError"]
