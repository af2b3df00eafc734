"""Controller of the DocType Email Group."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import split_emails, validate_email_address


class EmailGroup(Document):
    """People who get the same mails and can unsubscribe."""


@frappe.whitelist(methods=["POST", "PUT"])
def add_subscribers(name: str, email_list: Any) -> int:
    """Add addresses (a list, or a text of them) to a group; give how many it has now. Known ones are left."""
    frappe.get_doc("Email Group", name).check_permission("write")
    wanted = email_list if isinstance(email_list, (list, tuple)) else split_emails(str(email_list))
    known = set(frappe.get_all("Email Group Member", {"email_group": name}, pluck="email"))
    for address in dict.fromkeys(str(one).strip() for one in wanted):
        if address and address not in known:
            validate_email_address(address, throw=True)
            member = {"doctype": "Email Group Member", "email_group": name, "email": address}
            frappe.get_doc(member).insert(ignore_permissions=True)
    return int(frappe.db.count("Email Group Member", {"email_group": name, "unsubscribed": 0}))
