"""Controller of the DocType Address, and how addresses are found and written."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.contacts.lookups import linked_documents
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Address(Document):
    """An address of a company, customer, supplier or other document."""

    def autoname(self) -> None:
        """Name an address by its title and type; the title falls back to the first document it belongs to.

        Raises `frappe.ValidationError` when there is neither.
        """
        if not self.address_title and self.links:
            self.address_title = self.links[0].link_title or self.links[0].link_name
        if not self.address_title:
            frappe.throw(_("Set an address title, or link the address to a document"))
        self.name = append_number_if_name_exists("Address", f"{self.address_title}-{self.address_type}", separator="-")


@frappe.whitelist()
def get_address_display(address_dict: Any) -> str | None:
    """Give an address (its name, or its values) as HTML, written as its country's template says; None for nothing."""
    return render_address(address_dict)


def render_address(address: Any, check_permissions: bool = True) -> str | None:
    """Give an address as HTML. Raises `PermissionError` where the one who asks may not read it."""
    if not address:
        return None
    values = address
    if not isinstance(address, dict):
        document = frappe.get_cached_doc("Address", address)
        if check_permissions:
            document.check_permission()
        values = document.as_dict()
    _name, template = get_address_templates(values)
    return str(frappe.render_template(template, values))


def get_address_templates(address: Any) -> tuple[str, str]:
    """Give name and text of the template of an address's country, else of the default one.

    Raises `ValidationError` when there is neither.
    """
    columns = ["name", "template"]
    found = frappe.db.get_value("Address Template", {"country": address.get("country")}, columns)
    found = found or frappe.db.get_value("Address Template", {"is_default": 1}, columns)
    if not found:
        frappe.throw(_("There is no default Address Template. Make one first."))
    return found[0], found[1]


@frappe.whitelist()
def get_default_address(doctype: str, name: str | None, sort_key: str = "is_primary_address") -> str | None:
    """Give the name of the address of a document that is used first: the one marked by `sort_key`, else the oldest."""
    if sort_key not in ("is_primary_address", "is_shipping_address"):
        return None
    rows = [row for row in linked_documents("Address", doctype, name, sort_key) if not row.disabled]
    return rows[0].name if rows else None


def get_address_display_list(doctype: str, name: Any) -> list[Any]:
    """Give a document's addresses that the one who asks may read, each with `display`; the primary ones first."""
    rows = linked_documents("Address", doctype, name, "is_primary_address", "is_shipping_address")
    shown = [row for row in rows if frappe.has_permission("Address", "read", row.name)]
    for row in shown:
        row.display = get_address_display(row)
    return shown


def get_company_address(company: str) -> Any:
    """Give `company_address` and `company_address_display` of a company's first address."""
    found = frappe._dict()
    found.company_address = get_default_address("Company", company)
    found.company_address_display = render_address(found.company_address, check_permissions=False)
    return found
