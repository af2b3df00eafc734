"""Addresses and contacts of any document that carries them (customers, suppliers, companies …)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.contacts.doctype.address.address import get_address_display_list
from frappe.contacts.doctype.contact.contact import get_contact_display_list


def load_address_and_contact(doc: Any, key: str | None = None) -> None:
    """Put a document's addresses and contacts, the primary ones first, into what its form gets with it."""
    doc.set_onload("addr_list", get_address_display_list(doc.doctype, doc.name))
    doc.set_onload("contact_list", get_contact_display_list(doc.doctype, doc.name))


def delete_contact_and_address(doctype: str, docname: str) -> None:
    """Delete the addresses and contacts of a document; those of other documents too only lose the link."""
    for kind in ("Contact", "Address"):
        for name in _linked(kind, doctype, docname):
            document = frappe.get_doc(kind, name)
            if len(document.links) == 1:
                document.delete()
            else:
                document.links = [
                    row for row in document.links if (row.link_doctype, row.link_name) != (doctype, docname)
                ]
                document.save()


def _linked(kind: str, doctype: str, docname: str) -> list[str]:
    filters = {"parenttype": kind, "link_doctype": doctype, "link_name": docname}
    return list(dict.fromkeys(frappe.get_all("Dynamic Link", filters=filters, pluck="parent")))
