"""Finding documents: links, mentions, search across DocTypes; trees and calendars."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from ..http.conftest import Web
from .conftest import TESTER, Desk

LINK = "frappe.desk.search.search_link"
PLAIN = "token plainkey:plainsecret"


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def own_query(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any) -> list[Any]:
    return [("first", f"{txt}-{page_len}-{filters.get('kind')}"), ("second", None)]


def not_for_everybody(*args: Any) -> list[Any]:
    return [("never",)]


def test_titles_are_labels(desk: Desk) -> None:
    found = desk.get(LINK, doctype="User", txt="test", page_length="10")
    assert found == [{"value": "tester@example.com", "label": "tester", "description": "tester@example.com"}]


def test_what_begins_with_the_text_comes_first(desk: Desk) -> None:
    for title in ("zz apple", "apple tart", "big apple"):
        desk.new("HP Master", title=title)
    assert desk.get(LINK, doctype="HP Master", txt="apple")[0]["value"] == "apple tart"


@pytest.mark.parametrize("text", ["%", "_", "a%b", "'", '"', "\\", "|", "`", ";--"])
def test_signs_stand_for_themselves(desk: Desk, text: str) -> None:
    assert desk.get(LINK, doctype="Role", txt=text) == []


def test_links_ask_for_rights(desk: Desk) -> None:
    assert desk.as_user(TESTER).read(LINK, doctype="HP Master", txt="").status_code == 403
    assert desk.read(LINK, doctype="No Such", txt="").status_code == 404


def test_everybody_may_say_of_which_doctype_a_document_is(desk: Desk) -> None:
    found = desk.as_user(TESTER).get(LINK, doctype="DocType", txt="HP Mas", page_length="5")
    assert [row["value"] for row in found] == ["HP Master"]


def test_disabled_documents_are_not_offered(desk: Desk) -> None:
    assert desk.get(LINK, doctype="User", txt="off@") == []


def test_user_permissions_limit_links(desk: Desk) -> None:
    first, _second = desk.new("HP Doc", title="limit a"), desk.new("HP Doc", title="limit b")
    limit = {"user": "tester@example.com", "allow": "HP Doc", "for_value": first}
    made = desk.new("User Permission", **limit)
    try:
        assert [
            row["value"] for row in desk.as_user(TESTER).get(LINK, doctype="HP Doc", txt="HP-", page_length="50")
        ] == [first]
        free = desk.as_user(TESTER).get(
            LINK, doctype="HP Doc", txt="HP-", page_length="50", ignore_user_permissions="1"
        )
        assert [row["value"] for row in free] == [first]
    finally:
        desk.web.delete(f"/api/resource/User Permission/{made}", auth=desk.auth)


def test_apps_may_search_by_themselves(desk: Desk) -> None:
    found = desk.get(
        LINK, doctype="HP Doc", txt="x", query=f"{__name__}.own_query", filters={"kind": "A"}, page_length="5"
    )
    assert found == [{"value": "first", "description": "x-5-A"}, {"value": "second", "description": ""}]


@pytest.mark.parametrize(
    "query", [f"{__name__}.not_for_everybody", "frappe.db.sql", "os.system", "select name from tabUser", "nosuch"]
)
def test_only_marked_functions_search(desk: Desk, query: str) -> None:
    answer = desk.read(LINK, doctype="HP Doc", txt="x", query=query)
    assert answer.status_code in (403, 417)


@pytest.mark.parametrize("field", ["name; drop", "name)", "(select 1)", "a b"])
def test_search_fields_are_names(desk: Desk, field: str) -> None:
    assert desk.read(LINK, doctype="HP Doc", txt="x", searchfield=field).status_code == 417


def test_links_are_checked(desk: Desk) -> None:
    call = "frappe.client.validate_link"
    assert desk.get(call, doctype="User", docname="administrator", fields=["full_name"]) == {
        "name": "Administrator",
        "full_name": "Administrator",
    }
    assert desk.get(call, doctype="User", docname="nope") == {"name": None}
    assert desk.as_user(TESTER).read(call, doctype="HP Master", docname="x").status_code == 403


def test_documents_are_found_by_name_and_content(desk: Desk) -> None:
    desk.new("ToDo", description="count the blue boxes")
    find = "frappe.utils.global_search.search"
    desk.get(find, text="boxes")
    assert [row["doctype"] for row in desk.get(find, text="blue boxes")] == ["ToDo"]
    named = desk.get(find, text="tester@exa")
    assert ("User", "tester@example.com") in [(row["doctype"], row["name"]) for row in named]


def test_nobody_finds_what_they_may_not_read(desk: Desk) -> None:
    desk.new("HP Master", title="hidden treasure")
    find = "frappe.utils.global_search.search"
    assert desk.get(find, text="hidden trea")
    assert desk.as_user(TESTER).get(find, text="hidden trea") == []


def test_people_who_can_be_mentioned(desk: Desk) -> None:
    found = desk.get("frappe.desk.search.get_names_for_mentions", search_term="tes")
    assert [row["id"] for row in found] == ["tester@example.com"]


def test_events_between_two_dates(desk: Desk) -> None:
    for day in ("2026-01-05", "2026-02-05"):
        desk.new("ToDo", description=f"on {day}", date=day)
    values = {"start": "2026-01-01", "end": "2026-01-31", "field_map": {"start": "date", "title": "description"}}
    found = desk.get("frappe.desk.calendar.get_events", doctype="ToDo", **values)
    assert [row["description"] for row in found] == ["on 2026-01-05"]


def test_only_trees_have_children(desk: Desk) -> None:
    answer = desk.read("frappe.desk.treeview.get_children", doctype="HP Doc", parent="")
    assert (answer.status_code, answer.json["exc_type"]) == (417, "DataError")


def test_translated_names_are_found_in_the_users_language(desk: Desk) -> None:
    with desk.web.site.connected() as context:
        assert frappe.get_meta("Gender").translated_doctype
        for source, shown in (("Male", "Mann"), ("Female", "Frau")):
            words = {"language": "en", "source_text": source, "translated_text": shown}
            frappe.get_doc({"doctype": "Translation", **words}).insert()
        context.db.commit()
    assert desk.get(LINK, doctype="Gender", txt="frau") == [{"value": "Female", "label": "Frau", "description": ""}]


def test_states_and_kinds_of_what_is_offered_are_in_the_users_language(desk: Desk) -> None:
    with desk.web.site.connected() as context:
        words = {"language": "en", "source_text": "Private", "translated_text": "Privat", "context": "Event"}
        frappe.get_doc({"doctype": "Translation", **words}).insert()
        event = {"subject": "Private talk", "event_type": "Private", "starts_on": "2026-01-05 10:00:00"}
        name = frappe.get_doc({"doctype": "Event", **event}).insert().name
        context.db.commit()
    (found,) = (row for row in desk.get(LINK, doctype="Event", txt="Private talk") if row["value"] == name)
    assert "Privat" in found["description"].split(", ")
    assert "Private talk" in found["description"].split(", ")


def test_the_site_says_how_many_a_link_offers(desk: Desk) -> None:
    with desk.web.site.connected() as context:
        frappe.db.set_single_value("System Settings", "link_field_results_limit", 3)
        context.db.commit()
    assert len(desk.get(LINK, doctype="Role", txt="")) == 3
    assert len(desk.get(LINK, doctype="Role", txt="", page_length=5)) == 5


def test_anybody_finds_published_pages(desk: Desk, web: Web) -> None:
    category = desk.new("Help Category", category_name="Help", published=1)
    for title, published in (("Blue whale", 1), ("Blue shark", 0)):
        page = {"title": title, "route": f"help/{title.replace(' ', '-').lower()}", "published": published}
        desk.new("Help Article", category=category, content="<p>lives in the sea</p>", **page)
    with desk.web.site.connected() as context:
        from frappe.utils.global_search import rebuild

        assert rebuild() > 1
        context.db.commit()
    found = web.get("/api/method/frappe.utils.global_search.web_search", params={"text": "sea blue"}).json["message"]
    assert [(row["title"], row["route"]) for row in found] == [("Blue whale", "help/blue-whale")]
    nothing = {"text": "sea", "scope": "elsewhere"}
    assert web.get("/api/method/frappe.utils.global_search.web_search", params=nothing).json["message"] == []
