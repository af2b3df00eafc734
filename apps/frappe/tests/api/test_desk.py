"""Rights, people, messages, errors, and what the desk asks."""

from __future__ import annotations

from typing import Any

import pytest
from doctypes import voucher


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The package, connected as Administrator."""
    return frappe_connected


ERRORS = [
    ("frappe.ValidationError", 417),
    ("frappe.PermissionError", 403),
    ("frappe.DoesNotExistError", 404),
    ("frappe.DuplicateEntryError", 409),
    ("frappe.NameError", 409),
    ("frappe.MandatoryError", 417),
    ("frappe.AuthenticationError", 401),
    ("frappe.LinkExistsError", 417),
    ("frappe.UniqueValidationError", 417),
    ("frappe.InvalidStatusError", 417),
    ("frappe.DocstatusTransitionError", 417),
    ("frappe.exceptions.QueryDeadlockError", None),
    ("frappe.Redirect", None),
]


@pytest.mark.parametrize(("name", "status"), ERRORS, ids=[case[0] for case in ERRORS])
def test_an_error_has_its_status(frappe: Any, name: str, status: int | None) -> None:
    error = getattr(frappe.exceptions if ".exceptions." in name else frappe, name.rsplit(".", 1)[1])
    assert issubclass(error, Exception)
    assert status is None or getattr(error, "http_status_code", 417) == status


def test_refusing_raises_and_tells(frappe: Any) -> None:
    frappe.clear_messages()
    with pytest.raises(frappe.MandatoryError, match="is missing"):
        frappe.throw("Qty is missing", frappe.MandatoryError, title="Missing")
    told = frappe.local.message_log[-1]
    message = frappe.parse_json(told)
    assert (message["message"], message["title"], message["indicator"]) == ("Qty is missing", "Missing", "red")
    frappe.clear_last_message()
    assert frappe.local.message_log == []


def test_messages_wait_for_the_answer(frappe: Any) -> None:
    frappe.clear_messages()
    frappe.msgprint("one", indicator="green", alert=True)
    frappe.msgprint("two")
    assert len(frappe.message_log) == 2
    assert frappe.parse_json(frappe.message_log.pop())["message"] == "two"
    assert frappe.parse_json(frappe.local.message_log[0])["message"] == "one"
    frappe.clear_messages()
    assert not frappe.get_message_log()


def test_errors_are_kept(frappe: Any) -> None:
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        log = frappe.log_error(title="Division")
        assert "ZeroDivisionError" in frappe.get_traceback()
    assert (log.method, "ZeroDivisionError" in log.error) == ("Division", True)
    frappe.log("noted")
    assert frappe.local.debug_log[-1] == "noted"


def test_rights_depend_on_roles(frappe: Any) -> None:
    doc = voucher(frappe).insert()
    assert frappe.has_permission("API Voucher", "write", doc)
    assert "System Manager" in frappe.get_roles("Administrator")
    frappe.only_for("System Manager")
    frappe.set_user("api@example.com")
    assert frappe.session.user == "api@example.com"
    assert not frappe.has_permission("API Voucher", "read", doc.name)
    with pytest.raises(frappe.PermissionError):
        frappe.has_permission("API Voucher", "read", throw=True)
    with pytest.raises(frappe.PermissionError):
        frappe.only_for("System Manager")
    with pytest.raises(frappe.PermissionError):
        frappe.client.get("API Voucher", doc.name)


def test_rights_are_given_and_taken(frappe: Any) -> None:
    from frappe.core.page.permission_manager import permission_manager
    from frappe.permissions import add_permission, update_permission_property

    add_permission("API Voucher", "Report Manager", 0)
    update_permission_property("API Voucher", "Report Manager", 0, "write", 1)
    assert frappe.has_permission("API Voucher", "write", user="api@example.com")
    frappe.core.page.permission_manager.permission_manager.remove("API Voucher", "Report Manager", 0)
    assert permission_manager.remove.__doc__ is None or permission_manager.remove.__doc__
    assert not frappe.has_permission("API Voucher", "read", user="api@example.com")


def test_users_are_limited_to_values(frappe: Any) -> None:
    from frappe.permissions import add_user_permission, remove_user_permission

    add_user_permission("Country", "China", "api@example.com")
    assert frappe.db.count("User Permission", {"user": "api@example.com", "for_value": "China"}) == 1
    remove_user_permission("Country", "China", "api@example.com")
    assert frappe.db.count("User Permission", {"user": "api@example.com"}) == 0


def test_documents_are_shared(frappe: Any) -> None:
    from frappe.share import add_docshare, remove

    doc = voucher(frappe).insert()
    share = add_docshare("API Voucher", doc.name, "api@example.com", write=1)
    assert (share.read, share.write, share.share) == (1, 1, 0)
    assert frappe.has_permission("API Voucher", "write", doc.name, user="api@example.com")
    remove("API Voucher", doc.name, "api@example.com")
    assert frappe.share.remove
    assert not frappe.has_permission("API Voucher", "read", doc.name, user="api@example.com")


def test_lists_are_limited_by_hooks_and_rights(frappe: Any) -> None:
    from frappe.desk.reportview import build_match_conditions, delete_bulk, get_match_cond

    assert build_match_conditions("ToDo") == ""
    assert get_match_cond("ToDo") == ""
    frappe.set_user("api@example.com")
    assert "api@example.com" in build_match_conditions("ToDo")
    assert get_match_cond("ToDo").strip().startswith("and")
    frappe.set_user("Administrator")
    names = [voucher(frappe).insert().name for _number in range(2)]
    delete_bulk("API Voucher", names)
    assert not frappe.db.exists("API Voucher", names[0])


def test_limits_of_a_list_are_given_as_names_too(frappe: Any) -> None:
    from frappe.desk.reportview import build_match_conditions, get_match_cond

    user = "api@example.com"
    frappe.get_doc({"doctype": "User Permission", "user": user, "allow": "DocType", "for_value": "Note"}).insert()
    assert get_match_cond("ToDo", as_condition=False) == []
    frappe.set_user(user)
    frappe.clear_cache(user=user)
    assert build_match_conditions("ToDo", as_condition=False) == [{"DocType": ["Note"]}]
    assert get_match_cond("ToDo", as_condition=False) == [{"DocType": ["Note"]}]


def test_people_are_found_by_role(frappe: Any) -> None:
    from frappe.core.doctype.role.role import get_users
    from frappe.utils.user import get_system_managers, get_users_with_role

    assert "api@example.com" in get_users("Report Manager")
    assert "api@example.com" in get_users_with_role("Report Manager")
    assert "api@example.com" not in get_system_managers()


def test_work_is_assigned(frappe: Any) -> None:
    from frappe.desk.form import assign_to

    doc = voucher(frappe).insert()
    what = {"doctype": "API Voucher", "name": doc.name, "assign_to": ["api@example.com"], "description": "look"}
    frappe.desk.form.assign_to.add(what)
    assert doc.get_assigned_users() == {"api@example.com"}
    assert [row.owner for row in assign_to.get({"doctype": "API Voucher", "name": doc.name})] == ["api@example.com"]
    todo = frappe.get_last_doc("ToDo", {"reference_name": doc.name})
    frappe.desk.form.assign_to.set_status("API Voucher", doc.name, todo.name, "api@example.com", status="Cancelled")
    assert frappe.db.get_value("ToDo", todo.name, "status") == "Cancelled"
    assign_to.add(what)
    frappe.desk.form.assign_to.clear("API Voucher", doc.name)
    assert not list(frappe.get_doc("API Voucher", doc.name).get_assigned_users())


def test_people_are_notified(frappe: Any) -> None:
    from frappe.desk.doctype.notification_log.notification_log import make_notification_logs

    doc = voucher(frappe).insert()
    told = {"type": "Alert", "document_type": "API Voucher", "document_name": doc.name, "subject": "S"}
    make_notification_logs({**told, "from_user": "Administrator"}, ["api@example.com"])
    assert frappe.get_all("Notification Log", {"document_name": doc.name}, pluck="for_user") == ["api@example.com"]


def test_files_belong_to_documents(frappe: Any) -> None:
    from frappe.core.doctype.file.utils import get_random_filename
    from frappe.desk.form.load import get_attachments
    from frappe.utils.file_manager import get_file_path, save_file

    file = save_file("a.txt", b"abc", "User", "Guest", is_private=1)
    assert frappe.read_file(get_file_path(file.file_name)) == "abc"
    assert [row.name for row in get_attachments("User", "Guest")] == [file.name]
    assert get_random_filename(content_type="image/png").endswith(".png")
    file.delete()


def test_forms_are_told_what_belongs_to_them(frappe: Any) -> None:
    from frappe.desk.form.load import get_docinfo

    doc = voucher(frappe).insert()
    doc.add_comment("Comment", text="hello")
    found = get_docinfo(doc) or frappe.response.docinfo
    assert {"comments", "attachments", "assignments", "versions", "shared", "permissions"} <= set(found)
    assert "hello" in found["comments"][0]["content"]
    assert frappe.response.docs == []


def test_calendars_and_trees_ask(frappe: Any) -> None:
    from frappe.desk.calendar import get_event_conditions
    from frappe.desk.treeview import make_tree_args

    conditions = get_event_conditions("Event", '[["Event", "event_type", "=", "Private"]]')
    assert "`event_type` = 'Private'" in conditions
    assert make_tree_args(doctype="API Tree", parent="x", title="y", is_root="false")["parent_api_tree"] == "x"


# what lives for one request, job or command

# carrier by which it is put, carrier by which it is taken, and the key
CARRIED = [
    ("frappe.flags.<app key>", "flags", "local.flags", "mine"),
    ("frappe.flags.args", "flags", "flags", "args"),
    ("frappe.flags.in_patch", "flags", "local.flags", "in_patch"),
    ("frappe.flags.in_setup_wizard", "flags", "flags", "in_setup_wizard"),
    ("frappe.flags.has_dataurl", "flags", "local.flags", "has_dataurl"),
    ("frappe.local.flags.redirect_location", "local.flags", "flags", "redirect_location"),
    ("frappe.local.flags.ignore_chart_of_accounts", "local.flags", "flags", "ignore_chart_of_accounts"),
    ("frappe.local.<app key>", "local", "local", "mine"),
    ("frappe.conf.<app key>", "conf", "local.conf", "mine"),
    ("frappe.form_dict.<app key>", "form_dict", "local.form_dict", "mine"),
    ("frappe.response.<app key>", "response", "local.response", "mine"),
    ("frappe.response.type", "response", "local.response", "type"),
    ("frappe.response.location", "response", "local.response", "location"),
    ("frappe.response.docs", "response", "response", "docs"),
    ("frappe.local.response.filename", "local.response", "response", "filename"),
    ("frappe.local.response.filecontent", "local.response", "response", "filecontent"),
]


def carrier(frappe: Any, path: str) -> Any:
    """Give what a path below the package leads to."""
    for part in path.split("."):
        frappe = getattr(frappe, part)
    return frappe


@pytest.mark.parametrize(("name", "put", "take", "key"), CARRIED, ids=[case[0] for case in CARRIED])
def test_what_is_put_there_is_found_there(frappe: Any, name: str, put: str, take: str, key: str) -> None:
    before = getattr(carrier(frappe, put), key, None)
    setattr(carrier(frappe, put), key, 1)
    try:
        assert getattr(carrier(frappe, take), key) == 1
    finally:
        setattr(carrier(frappe, put), key, before)


def test_carriers_are_dicts_too(frappe: Any) -> None:
    frappe.form_dict.update({"mine": 2})
    frappe.flags.update({"mine": 3})
    assert (frappe.local.form_dict.get("mine"), frappe.form_dict.get("other", 4)) == (2, 4)
    assert frappe.flags.get("mine") == 3


def test_the_runtime_says_what_it_is_doing(frappe: Any) -> None:
    assert not frappe.flags.in_import
    assert not frappe.flags.in_migrate
    assert not frappe.flags.in_install
    assert not frappe.flags.read_only
    assert not frappe.flags.ignore_route_conflict_validation
    assert frappe.local.dev_server == 0
    assert frappe.local.lang
    assert frappe.session.sid
    assert frappe.local.site in frappe.get_site_path("private")
    assert frappe.get_installed_apps()[0] == "frappe"
    assert frappe.__version__.split(".")[0] == "15"


def test_hooks_and_functions_are_found_by_name(frappe: Any) -> None:
    assert frappe.get_attr("frappe.utils.cint")("3") == 3
    assert "User" in frappe.get_hooks("permission_query_conditions") or frappe.get_hooks("app_name") == ["frappe"]
    assert frappe.get_app_path("frappe", "hooks.py").endswith("frappe/hooks.py")
    assert isinstance(frappe.get_system_settings("language"), str)
    assert [domain for domain in frappe.get_active_domains() if domain] == []
    assert frappe.get_website_settings("disable_signup") in (0, 1)


def test_definitions_are_read_anew_from_files(frappe: Any) -> None:
    frappe.db.set_value("DocType", "ToDo", "description", "changed")
    frappe.reload_doc("desk", "doctype", "todo", force=True)
    assert frappe.db.get_value("DocType", "ToDo", "description") != "changed"
    frappe.reload_doctype("ToDo")
    assert frappe.get_meta("ToDo").has_field("priority")


def test_translations_are_known(frappe: Any) -> None:
    from frappe.translate import get_all_translations

    assert isinstance(get_all_translations("zh"), dict)
    assert frappe._("No translation of this") == "No translation of this"


def test_guests_are_sent_to_messages(frappe: Any) -> None:
    frappe.local.response = frappe._dict()
    frappe.redirect_to_message("Title", "<b>text</b>")
    assert frappe.local.response.type == "redirect"
    assert frappe.local.response.location.startswith("/message?id=")
    frappe.respond_as_web_page("Title", "<b>text</b>", http_status_code=418)
    assert (frappe.local.response.type, frappe.local.response.http_status_code) == ("page", 418)


def test_jobs_may_run_at_once(frappe: Any) -> None:
    from frappe.utils.background_jobs import enqueue
    from frappe.utils.scheduler import is_scheduler_inactive

    assert enqueue("frappe.utils.add_days", now=True, date="2024-02-28", days=2) == "2024-03-01"
    assert frappe.enqueue("frappe.utils.get_url", now=True, uri="/a").endswith("/a")
    assert is_scheduler_inactive() in (True, False)


def test_set_value_saves_the_document(frappe: Any) -> None:
    doc = voucher(frappe).insert()
    assert frappe.set_value("API Voucher", doc.name, "title", "U")["title"] == "U"
    assert frappe.client.get("API Voucher", doc.name)["title"] == "U"


def test_progress_is_told(frappe: Any) -> None:
    frappe.publish_realtime("api_event", {"a": 1}, user="Administrator")
    frappe.publish_progress(50, title="Half")
    from frappe.realtime import get_website_room

    assert get_website_room() == "website"


def test_who_may_read_may_listen(frappe: Any) -> None:
    from frappe.realtime import can_subscribe_doc, can_subscribe_doctype

    note = frappe.get_doc({"doctype": "Note", "title": "heard"}).insert()
    assert (can_subscribe_doc("Note", note.name), can_subscribe_doctype("Note")) == (True, True)
    with pytest.raises(frappe.DoesNotExistError):
        can_subscribe_doc("Note", "nope")
    frappe.set_user("Guest")
    for asked in (lambda: can_subscribe_doc("Note", note.name), lambda: can_subscribe_doctype("User")):
        with pytest.raises(frappe.PermissionError):
            asked()


def test_a_task_is_due_today_unless_it_says_otherwise(frappe: Any) -> None:
    from frappe.desk.form import assign_to

    note = frappe.get_doc({"doctype": "Note", "title": "due"}).insert()
    assign_to.add({"doctype": "Note", "name": note.name, "assign_to": ["Administrator"]})
    (day,) = frappe.get_all("ToDo", {"reference_name": note.name}, pluck="date")
    assert str(day) == frappe.utils.nowdate()
    with pytest.raises(frappe.ValidationError):
        assign_to.close("Note", note.name, "Guest")


@pytest.mark.api("Document.route")
def test_pages_get_a_route_from_their_title(frappe: Any) -> None:
    from frappe.website.website_generator import WebsiteGenerator

    class Story(WebsiteGenerator):
        website = frappe._dict(page_title_field="title", condition_field="")

    story = Story({"doctype": "Web Page", "title": "Hello World", "published": 1})
    story.set_route()
    assert story.route == "hello-world"
