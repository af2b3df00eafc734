"""Whether the site is run by upstream's makers, and what they would tell of it."""

from typing import Any

import frappe
from frappe import _


def is_fc_site() -> bool:
    """Tell whether the site is run by upstream's makers: it never is."""
    return False


@frappe.whitelist()
def current_site_info() -> dict[str, Any]:
    """Refuse: upstream's makers know nothing of this site. Raises `ValidationError`."""
    frappe.throw(_("This site is not hosted on Frappe Cloud"))
