"""Functions that templates are lent, for code that calls them too."""

from frappe.utils.jinja import is_rtl

__all__ = ["is_rtl"]
