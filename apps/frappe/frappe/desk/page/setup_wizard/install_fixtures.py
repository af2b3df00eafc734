"""What apps take from the first steps of a site when they make their own first records."""

from frappe import _

__all__ = ["_"]
