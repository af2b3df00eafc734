"""Masked fields: what stands for their values wherever a user without the right meets them, and that it is never stored."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
CLERK, CLERKS = "clerk@example.com", "Report Manager"
PLAIN = {**dict.fromkeys(("read", "write", "create", "report", "export", "print", "email"), 1)}


def field(name: str, fieldtype: str = "Data", **more: Any) -> dict[str, Any]:
    return {"fieldname": name, "fieldtype": fieldtype, "label": name.title(), **more}


@pytest.fixture
def buyer(frappe: Any, make_doctype: Make, make_user: Make) -> Any:
    make_doctype("MK Address", [field("street", mask=1), field("town")], istable=1)
    fields = [
        field("title"),
        field("phone", options="Phone", mask=1),
        field("mail", options="Email", mask=1),
        field("born", "Date", mask=1),
        field("credit", "Currency", mask=1),
        field("addresses", "Table", options="MK Address"),
    ]
    rights = [{"role": "System Manager", "mask": 1, **PLAIN}, {"role": CLERKS, **PLAIN}]
    make_doctype("MK Buyer", fields, permissions=rights, search_fields="phone", allow_import=1, track_changes=1)
    make_user(CLERK, CLERKS)
    make_user("boss@example.com", "System Manager")
    values = {"title": "T", "phone": "13800138000", "mail": "a@example.com", "born": "1990-02-03", "credit": 500}
    return frappe.get_doc(
        {"doctype": "MK Buyer", **values, "addresses": [{"street": "Long Road", "town": "B"}]}
    ).insert()


SHOWN = {"phone": "138XXXXXX", "mail": "XXXXXX@example.com", "born": "XX-XX-XXXX", "credit": "XXXXXXXX"}


def test_a_document_shows_what_stands_for_masked_values(frappe: Any, buyer: Any, acting_as: Make) -> None:
    import frappe.client

    with acting_as(CLERK):
        seen = frappe.client.get("MK Buyer", buyer.name)
    assert {name: seen[name] for name in SHOWN} == SHOWN
    assert (seen["title"], seen["addresses"][0]["street"], seen["addresses"][0]["town"]) == ("T", "XXXXXXXX", "B")


def test_who_has_the_right_sees_the_values(frappe: Any, buyer: Any, acting_as: Make) -> None:
    import frappe.client

    with acting_as("boss@example.com"):
        assert frappe.client.get("MK Buyer", buyer.name)["phone"] == "13800138000"
        assert frappe.get_list("MK Buyer", pluck="credit") == [500]
    assert frappe.get_all("MK Buyer", pluck="phone") == ["13800138000"]


def test_lists_are_masked_in_every_form(frappe: Any, buyer: Any, acting_as: Make) -> None:
    def listed(*fields: Any, **more: Any) -> Any:
        return frappe.get_list("MK Buyer", fields=list(fields), **more)

    with acting_as(CLERK):
        assert listed(*SHOWN)[0] == SHOWN
        assert listed("phone as p", as_list=True) == (("138XXXXXX",),)
        assert listed("*")[0].credit == "XXXXXXXX"
        assert listed("`tabMK Buyer`.`credit`", "addresses.street as s")[0] == {"credit": "XXXXXXXX", "s": "XXXXXXXX"}
        assert listed({"addresses": ["street", "town"]})[0].addresses == [{"street": "XXXXXXXX", "town": "B"}]
        assert frappe.get_list("MK Buyer", pluck="phone") == ["138XXXXXX"]
        assert listed("title", "sum(credit) as s", "count(phone) as n")[0] == {"title": "T", "n": 1}


def test_what_is_behind_a_masked_link_is_masked(
    frappe: Any, make_doctype: Make, make_user: Make, acting_as: Make
) -> None:
    rights = [{"role": "System Manager", **PLAIN}, {"role": CLERKS, **PLAIN}]
    make_doctype("MK Deal", [field("buyer", "Link", options="Role", mask=1)], permissions=rights)
    make_doctype("MK Open Deal", [field("buyer", "Link", options="Role")], permissions=rights)
    make_user(CLERK, CLERKS, "System Manager")
    for doctype in ("MK Deal", "MK Open Deal"):
        frappe.get_doc({"doctype": doctype, "buyer": "All"}).insert()
    with acting_as(CLERK):
        assert frappe.get_list("MK Deal", fields=["buyer.role_name as n"])[0].n == "XXXXXXXX"
        assert frappe.get_list("MK Open Deal", fields=["buyer.role_name as n"])[0].n == "All"


def test_other_ways_to_a_value_are_masked(frappe: Any, buyer: Any, acting_as: Make) -> None:
    import frappe.client
    from frappe.desk.search import search_link

    with acting_as(CLERK):
        assert frappe.client.get_value("MK Buyer", "phone", buyer.name) == {"phone": "138XXXXXX"}
        assert frappe.client.validate_link("MK Buyer", buyer.name, '["credit"]')["credit"] == "XXXXXXXX"
        assert search_link("MK Buyer", "00138") == []
        assert "138" not in str(search_link("MK Buyer", ""))


def test_exports_and_prints_are_masked(frappe: Any, buyer: Any, acting_as: Make) -> None:
    from frappe.core.doctype.data_import.exporter import Template
    from frappe.www.printview import get_html_and_style

    with acting_as(CLERK):
        rows = Template("MK Buyer", {"MK Buyer": ["name", "phone"], "addresses": ["street"]}).rows("all")
        printed = get_html_and_style("MK Buyer", buyer.name)["html"]
    assert rows[1][1:] == ["138XXXXXX", "XXXXXXXX"]
    assert "138XXXXXX" in printed
    assert not [value for value in ("13800138000", "500", "Long Road", "1990") if value in printed]


@pytest.mark.parametrize("phone", ["138XXXXXX", "13999999999"])
def test_who_does_not_see_a_value_does_not_change_it(frappe: Any, buyer: Any, acting_as: Make, phone: str) -> None:
    import frappe.client

    with acting_as(CLERK):
        seen = frappe.client.get("MK Buyer", buyer.name)
        answer = frappe.client.save({**seen, "title": "U", "phone": phone})
        frappe.client.set_value("MK Buyer", buyer.name, "credit", 7)
    assert (answer["title"], answer["phone"]) == ("U", "138XXXXXX")
    buyer.reload()
    assert (buyer.title, buyer.phone, buyer.credit, buyer.addresses[0].street) == ("U", "13800138000", 500, "Long Road")


def test_what_stands_for_a_value_is_never_stored(frappe: Any, buyer: Any, acting_as: Make) -> None:
    buyer.update({"phone": "138XXXXXX", "credit": "XXXXXXXX"}).save()
    assert (buyer.phone, buyer.credit) == ("13800138000", 500)
    with acting_as(CLERK):
        copied = {"doctype": "MK Buyer", "title": "copy", "phone": "138XXXXXX", "credit": 30}
        made = frappe.get_doc(copied).insert()
    assert frappe.db.get_value("MK Buyer", made.name, ["phone", "credit"]) == (None, 30)


def test_the_history_of_a_document_is_masked(frappe: Any, buyer: Any, acting_as: Make) -> None:
    from frappe.desk.form.load import get_docinfo

    buyer.update({"title": "U", "phone": "13999999999"})
    buyer.addresses[0].street = "Short Road"
    buyer.append("addresses", {"street": "New Road"})
    buyer.save()
    with acting_as(CLERK):
        get_docinfo(frappe.get_doc("MK Buyer", buyer.name))
        told = str(frappe.response.docinfo["versions"])
    assert [value for value in ("138XXXXXX", "139XXXXXX", '"U"') if value not in told] == []
    assert not [value for value in ("13800138000", "13999999999", "Road") if value in told]


def test_rows_of_high_levels_stay_out_of_exports(
    frappe: Any, make_doctype: Make, make_user: Make, acting_as: Make
) -> None:
    from frappe.core.doctype.data_import.exporter import Template

    make_doctype("MK Line", [field("town"), field("cost", "Currency", permlevel=1)], istable=1)
    rights = [{"role": "System Manager", **PLAIN}, {"role": CLERKS, **PLAIN}]
    make_doctype("MK Costs", [field("lines", "Table", options="MK Line")], permissions=rights, allow_import=1)
    make_user(CLERK, CLERKS)
    frappe.get_doc({"doctype": "MK Costs", "lines": [{"town": "B", "cost": 4321}]}).insert()
    with acting_as(CLERK):
        assert "4321" not in str(Template("MK Costs", {"MK Costs": ["name"], "lines": ["town", "cost"]}).rows("all"))
