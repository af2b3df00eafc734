"""Names that only some apps take from the package: what each does."""

from __future__ import annotations

import csv
import gzip
import json
import os
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


def new(frappe: Any, doctype: str, **values: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **values}).insert()


# the database


def test_a_whole_row_is_given(frappe: Any) -> None:
    row = frappe.db.get("User", {"email": "guest@example.com"})
    assert (row.name, row.enabled) == ("Guest", 1)
    assert frappe.db.get("User", {"name": "nobody"}) is None


def test_the_columns_of_the_last_query_are_described(frappe: Any) -> None:
    frappe.db.sql("select name, email as address from tabUser")
    assert [column[0] for column in frappe.db.get_description()] == ["name", "address"]


def test_a_filter_on_a_field_of_rows_means_the_rows(frappe: Any) -> None:
    new(frappe, "User", email="rows@example.com", first_name="Rows", roles=[{"role": "Translator"}])
    for found in (
        frappe.get_all("User", {"role": "Translator"}),
        frappe.get_list("User", filters=[["role", "=", "Translator"]]),
    ):
        assert "rows@example.com" in [user.name for user in found]
        assert "Guest" not in [user.name for user in found]
    with pytest.raises(frappe.DataError):
        frappe.get_all("User", {"no_such_field": 1})


def test_rows_that_may_not_be_read_are_not_filtered_by(frappe: Any) -> None:
    reader = new(frappe, "User", email="reads@example.com", first_name="Reads", roles=[{"role": "Report Manager"}])
    frappe.make_property_setter({"doctype": "Report", "fieldname": "roles", "property": "permlevel", "value": 5})
    assert frappe.get_list("Report", filters={"role": "System Manager"}, pluck="name") is not None
    frappe.set_user(reader.name)
    with pytest.raises(frappe.PermissionError):
        frappe.get_list("Report", filters={"role": "System Manager"})


# documents and modules


def test_singles_are_told_from_others(frappe: Any) -> None:
    from frappe.model.meta import is_single

    assert (is_single("System Settings"), is_single("User")) == (1, 0)


def test_where_standard_documents_lie_and_who_publishes_them(frappe: Any) -> None:
    from frappe.modules.utils import get_app_publisher, get_doc_path

    assert get_doc_path("Core", "DocType", "User").endswith(os.path.join("frappe", "core", "doctype", "user"))
    assert get_app_publisher("Core") == frappe.get_hooks("app_publisher", app_name="frappe")[0]


def test_a_log_says_how_it_is_cleared(frappe: Any) -> None:
    from frappe.core.doctype.log_settings.log_settings import LogType
    from frappe.core.doctype.prepared_report.prepared_report import PreparedReport

    assert isinstance(PreparedReport, LogType)
    assert not isinstance(SimpleNamespace(), LogType)


def test_a_picture_is_opened_by_its_url(frappe: Any) -> None:
    from frappe.core.doctype.file.file import get_local_image

    with pytest.raises(FileNotFoundError):
        get_local_image("/files/nowhere.png")


# jobs


def test_a_task_is_a_function_that_can_be_queued(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.utils import background_jobs

    queued: list[Any] = []
    monkeypatch.setattr(background_jobs, "enqueue", lambda function, **given: queued.append((function, given)))

    @frappe.task(queue="long")
    def double(number: int) -> int:
        return number * 2

    double.enqueue(number=3)
    assert double(2) == 4
    assert queued == [(double, {"queue": "long", "number": 3})]


def test_a_queued_job_is_found_by_its_name(frappe: Any) -> None:
    from frappe.utils.safe_exec import is_job_queued

    assert not is_job_queued("a rare job")
    frappe.enqueue("frappe.ping", job_name="a rare job", queue="short")
    assert is_job_queued("a rare job", queue="short")
    assert not is_job_queued("a rare job", queue="long")


# scripts that apps run by themselves


@pytest.fixture
def run(frappe: Any) -> Any:
    """Compile a text as apps do, and run it in names of their choice."""
    from frappe.utils.safe_exec import FrappeTransformer, get_python_builtins, get_safe_globals
    from RestrictedPython import compile_restricted, safe_globals

    def execute(script: str) -> dict[str, Any]:
        names = {**safe_globals, **get_python_builtins(), "frappe": get_safe_globals()["frappe"]}
        made: dict[str, Any] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile_restricted(script, policy=FrappeTransformer), names, made)
        return made

    return execute


def test_an_app_runs_scripts_under_the_guards(run: Any) -> None:
    made = run(
        "data = {'a': 1}\nfor n in range(3):\n    data['a'] += n\ntotal = sum([data['a'], frappe.utils.flt('2')])"
    )
    assert (made["data"], made["total"]) == ({"a": 4}, 6.0)


@pytest.mark.parametrize(
    "script", ["import os", "x = ().__class__", "open('/etc/passwd')", "frappe.db.sql('drop table x')"]
)
def test_such_scripts_do_not_get_out(frappe: Any, run: Any, script: str) -> None:
    with pytest.raises((SyntaxError, NameError, frappe.PermissionError)):
        run(script)


def test_such_scripts_end(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe_engine.expressions import scripts

    monkeypatch.setattr(scripts, "MAX_STEPS", 1000)
    with pytest.raises(Exception, match="more than 1000 steps"):
        run("while True:\n    pass")


def test_the_guards_come_with_the_names_that_are_lent(frappe: Any) -> None:
    from frappe.utils.safe_exec import get_safe_globals, lent_names

    lent = get_safe_globals()
    assert lent["_getattr_"](lent["frappe"], "db")
    with pytest.raises(Exception, match="unsafe attribute"):
        lent["_getattr_"](lent["frappe"], "__class__")
    assert "_getattr_" not in lent_names()


def test_statements_that_write_are_told_from_others(frappe: Any) -> None:
    from frappe.utils.safe_exec import check_safe_sql_query

    assert check_safe_sql_query("with a as (select 1) select * from a")
    assert not check_safe_sql_query("delete from tabUser", throw=False)
    with pytest.raises(frappe.PermissionError):
        check_safe_sql_query("delete from tabUser")


# mails and realtime


def test_a_document_has_an_address_where_a_mailbox_takes_it(frappe: Any) -> None:
    from frappe.desk.form.load import get_document_email

    assert get_document_email("Print Format", "A b") is None
    new(frappe, "Email Account", email_account_name="Box", email_id="box@example.com", enable_automatic_linking=1)
    assert get_document_email("Print Format", "A b") == "box+Print%20Format=A%20b@example.com"


def test_ids_of_mails_differ(frappe: Any) -> None:
    from frappe.email.email_body import get_message_id

    assert get_message_id() != get_message_id()
    assert get_message_id().endswith(f"@{frappe.local.site}>")


def test_files_are_attached_to_a_communication(frappe: Any) -> None:
    from frappe.core.doctype.communication.email import add_attachments

    mail = new(frappe, "Communication", subject="s", content="c")
    kept = new(frappe, "File", file_name="kept.txt", content="kept", is_private=1)
    add_attachments(mail.name, [kept.name, {"fname": "made.txt", "fcontent": "made"}])
    files = frappe.get_all("File", {"attached_to_name": mail.name}, ["name", "file_url"], order_by="file_name")
    assert [frappe.get_doc("File", file.name).get_content() for file in files] == ["kept", "made"]
    assert files[0].file_url == kept.file_url


def test_a_mailbox_for_tests(frappe: Any) -> None:
    from frappe.core.doctype.communication.test_communication import create_email_account

    assert create_email_account().default_outgoing
    assert create_email_account().append_to == "ToDo"


def test_a_room_is_told_at_once(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe import realtime

    sent: list[Any] = []
    monkeypatch.setattr(realtime, "emit", sent.extend)
    realtime.emit_via_redis("changed", {"a": 1}, "room")
    assert sent == [("changed", {"a": 1}, "room")]


# reports and charts


def test_a_prepared_result_is_given_by_its_document(frappe: Any) -> None:
    from frappe.desk.query_report import get_prepared_report_result

    report = new(
        frappe, "Report", report_name="Kept", ref_doctype="ToDo", report_type="Report Builder", is_standard="No"
    )
    kept = new(frappe, "Prepared Report", report_name="Kept", filters="{}", report_type="Report Builder")
    kept.db_set("status", "Completed")
    content = gzip.compress(json.dumps({"columns": [], "result": [["a"]]}).encode())
    values = {"attached_to_doctype": "Prepared Report", "attached_to_name": kept.name, "is_private": 1}
    new(frappe, "File", file_name="kept.json.gz", content=content, **values)
    assert get_prepared_report_result(report, {}, dn=kept.name)["result"] == [["a"]]
    assert get_prepared_report_result(None, {}, dn=kept.name)["doc"].name == kept.name
    assert get_prepared_report_result(report, {"other": 1})["doc"] is None


def test_rows_become_a_file_to_keep(frappe: Any) -> None:
    from frappe.desk.utils import get_csv_bytes, pop_csv_params, provide_binary_file

    form = {"csv_delimiter": ";", "csv_quoting": "1", "x": 1}
    wanted = pop_csv_params(form)
    assert (wanted, form) == ({"delimiter": ";", "quoting": csv.QUOTE_ALL}, {"x": 1})
    content = get_csv_bytes([["a", 1.5], ["ü;", None]], wanted)
    assert content == '"a";"1.5"\r\n"ü;";""\r\n'.encode()
    provide_binary_file("rows", "csv", content)
    assert (frappe.local.response.filename, frappe.local.response.type) == ("rows.csv", "binary")


def test_figures_of_charts_by_their_kind(frappe: Any) -> None:
    from frappe.desk.doctype.dashboard_chart import dashboard_chart as charts

    frappe.db.delete("ToDo")
    new(frappe, "ToDo", description="a", priority="High")
    chart = frappe.get_doc(
        {"doctype": "Dashboard Chart", "chart_name": "C", "chart_type": "Count", "document_type": "ToDo", "based_on": "creation",
         "group_by_based_on": "priority", "group_by_type": "Count"}
    )  # fmt: skip
    today = frappe.utils.nowdate()
    over_time = charts.get_chart_config(chart, "[]", "Select Date Range", "Daily", today, today)
    assert over_time["datasets"][0]["values"] == [1]
    assert charts.get_group_by_chart_config(chart, [])["labels"] == [frappe._("High")]
    assert list(charts.get_heatmap_chart_config(chart, [], None)["dataPoints"].values()) == [1]


# OAuth


def test_errors_of_oauth_as_clients_read_them(frappe: Any) -> None:
    from frappe.oauth import generate_json_error_response, get_userinfo
    from oauthlib.oauth2 import InvalidRequestError

    generate_json_error_response(InvalidRequestError(description="no code"))
    told = {"error": "invalid_request", "description": "no code", "status_code": 400, "http_status_code": 400}
    assert frappe.local.response == told
    assert get_userinfo(frappe.get_doc("User", "Guest")).email == "guest@example.com"


def test_the_server_of_oauth_refuses_what_it_does_not_know(frappe: Any) -> None:
    from frappe.integrations.oauth2 import get_oauth_server
    from frappe.oauth import get_server_url

    body = "grant_type=authorization_code&client_id=nobody&code=1"
    _headers, answer, status = get_oauth_server().create_token_response(f"{get_server_url()}/token", "POST", body, {})
    assert (status, json.loads(answer)["error"]) == (401, "invalid_client")


# backups


@pytest.fixture
def backup_files(frappe: Any) -> Iterator[list[str]]:
    """What was made is removed again."""
    made: list[str] = []
    yield made
    for path in filter(None, made):
        if os.path.exists(path):
            os.unlink(path)


def test_a_backup_that_is_new_enough_is_taken_again(frappe: Any, backup_files: list[str]) -> None:
    from frappe.utils.backups import BackupGenerator, new_backup

    first = new_backup(force=True, ignore_files=True)
    backup_files += [first.backup_path_db, first.backup_path_conf]
    assert os.path.getsize(first.backup_path_db)
    again = new_backup(older_than=1, ignore_files=True)
    assert (again.backup_path_db, again.backup_path_conf) == (first.backup_path_db, first.backup_path_conf)
    assert BackupGenerator().get_recent_backup(older_than=1)[0] == first.backup_path_db
    assert BackupGenerator().get_recent_backup(older_than=0)[0] is None


def test_the_files_of_a_site_are_packed_alone(frappe: Any, backup_files: list[str]) -> None:
    from frappe.utils.backups import BackupGenerator, get_backup_path

    generator = BackupGenerator(compress_files=True)
    generator.set_backup_file_name()
    generator.zip_files()
    backup_files += [generator.backup_path_files, generator.backup_path_private_files]
    assert all(path.startswith(get_backup_path()) and path.endswith(".tgz") for path in backup_files)


# the first steps


def test_the_first_steps_are_taken_for_tests(frappe: Any) -> None:
    from frappe.utils.install import complete_setup_wizard

    frappe.db.set_single_value("System Settings", "setup_complete", 0)
    frappe.clear_cache()
    complete_setup_wizard()
    assert frappe.is_setup_complete()


# requests


def test_what_waits_for_the_answer_is_committed_after_it(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.database.utils import commit_after_response

    done: list[str] = []
    commit_after_response(lambda: done.append("outside"))
    assert done == ["outside"]
    waiting: list[Any] = []
    monkeypatch.setattr(frappe.local, "request", SimpleNamespace(after_response=SimpleNamespace(add=waiting.append)))
    monkeypatch.setattr(frappe.db, "commit", lambda: done.append("commit"))
    commit_after_response(lambda: done.append("inside"))
    assert done == ["outside"]
    waiting[0]()
    assert done == ["outside", "inside", "commit"]


def test_an_error_is_answered_as_the_request_would_be(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.app import handle_exception
    from werkzeug.test import create_environ
    from werkzeug.wrappers import Request

    request = Request(create_environ("/api/method/ping", headers={"Accept": "application/json"}))
    monkeypatch.setattr(frappe.local, "request", request, raising=False)
    answer = handle_exception(frappe.DoesNotExistError("gone"))
    assert answer.status_code == 404
    assert answer.get_json()["exc_type"] == "DoesNotExistError"


def test_scripts_are_lent_what_upstream_lends(frappe: Any) -> None:
    from frappe.utils.safe_exec import get_safe_globals

    lent = get_safe_globals()["frappe"]
    assert lent.date_format == frappe.utils.get_user_date_format()
    assert lent.time_format == frappe.utils.get_user_time_format()
    assert lent.utils.compare(1, "<", 2)
    assert lent.LinkExpired is frappe.LinkExpired
    assert lent.sanitize_html("<b>a</b><script>b</script>") == "<b>a</b>"


def test_the_first_steps_know_languages_by_name(frappe: Any) -> None:
    from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

    frappe.db.set_single_value("System Settings", "setup_complete", 0)
    frappe.clear_cache()
    setup_complete({"language": "English", "country": "China", "timezone": "Asia/Shanghai", "currency": "CNY"})
    assert frappe.db.get_single_value("System Settings", "language") == "en"


# patches, webhooks, forms, exports


def test_a_patch_runs_once_and_is_undone_where_it_fails(frappe: Any) -> None:
    from frappe.modules import patch_handler

    line = "execute:frappe.flags.ran = (frappe.flags.ran or 0) + 1"
    try:
        assert patch_handler.executed(line) is None
        assert patch_handler.run_single(line)
        assert patch_handler.run_single(line)
        assert patch_handler.run_single(line, force=True)
        assert (frappe.flags.ran, bool(patch_handler.executed(line))) == (2, True)
        with pytest.raises(ZeroDivisionError):
            patch_handler.run_single("execute:1 / 0")
        assert patch_handler.executed("execute:1 / 0") is None
        patch_handler.run_single(method=frappe.flags.update, methodargs={"ran": 5})
        assert frappe.flags.ran == 5
    finally:
        frappe.db.delete("Patch Log", {"patch": line})
        frappe.db.commit()


def test_patches_are_listed_by_when_they_run(frappe: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from frappe.modules.patch_handler import PatchType, get_all_patches, get_patches_from_app
    from frappe_engine.documents import patches

    (tmp_path / "patches.txt").write_text("[pre_model_sync]\na.b #1\n\n[post_model_sync]\n# no\nc.d\n")
    monkeypatch.setattr(patches, "get_app_path", lambda _app, *parts: str(tmp_path.joinpath(*parts)))
    assert get_patches_from_app("mine") == ["a.b #1", "c.d"]
    assert get_patches_from_app("mine", PatchType.post_model_sync) == ["c.d"]
    assert get_all_patches(PatchType.pre_model_sync) == ["a.b #1"] * len(frappe.get_installed_apps())


def test_webhooks_are_asked_by_who_runs_events_by_hand(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.integrations.doctype.webhook import run_webhooks
    from frappe.model import document

    queued: list[Any] = []
    monkeypatch.setattr(frappe, "enqueue", lambda method, **values: queued.append((method, values["webhook"])))
    hook = {"webhook_doctype": "Note", "webhook_docevent": "on_trash", "request_url": "https://example.com/x"}
    made = new(frappe, "Webhook", __newname="told of notes", request_method="POST", enabled=1, **hook)
    assert document.run_webhooks is run_webhooks
    run_webhooks(new(frappe, "Note", title="told"), "on_trash")
    run_webhooks(new(frappe, "Note", title="not told"), "on_update")
    assert queued == [("frappe.integrations.doctype.webhook.webhook.make_call", made.name)]


def test_a_form_gets_what_its_document_makes_for_it(frappe: Any) -> None:
    from frappe.desk.form.load import run_onload

    note = new(frappe, "Note", title="loaded")
    note.set_onload("old", 1)
    note.onload = lambda: note.set_onload("k", 2)
    assert run_onload(note) is None
    assert note.get("__onload") == {"k": 2}


def test_a_report_becomes_rows_of_a_sheet(frappe: Any) -> None:
    from frappe.desk.query_report import build_xlsx_data

    first, hidden = {"label": "A", "fieldname": "a", "width": "100"}, {"label": "B", "fieldname": "b", "hidden": 1}
    columns = [first, hidden, {"label": "C", "fieldname": "c"}]
    rows = [{"a": "x", "b": 1, "c": 2.5, "indent": 0}, {"a": "y", "b": 2, "c": 3, "indent": 1}, ["Total", "", 5.5]]
    data = frappe._dict(columns=columns, result=rows, filters={"f": 1, "l": ["m", "n"]})
    assert build_xlsx_data(data, [0, 1], 0) == ([["A", "C"], ["x", 2.5], ["y", 3]], [10.0, 0.0])
    assert build_xlsx_data(data, [1], 1)[0] == [["A", "C"], ["    y", 3]]
    assert build_xlsx_data(data, [], 0)[0][-1] == ["Total", "", 5.5]
    assert len(build_xlsx_data(data, [0], 0, ignore_visible_idx=True)[0]) == 4
    assert build_xlsx_data(data, [0], 0, include_filters=True)[0][:3] == [["f", "1"], ["l", "m, n"], []]


def test_values_of_a_report_are_written_for_readers(frappe: Any) -> None:
    from frappe.desk.query_report import clean_params, format_fields, parse_json, valid_report_name

    kinds = [{"fieldname": "d", "fieldtype": "Duration"}, {"fieldname": "m", "fieldtype": "Currency", "precision": 2}]
    kinds.append({"fieldname": "n", "fieldtype": "Currency"})
    data = frappe._dict(columns=kinds, result=[{"d": 3700, "m": 1.239, "n": 1.2345}, {"d": None}, [60, 2.005, 1.5]])
    format_fields(data)
    assert data.result == [{"d": "1h 1m 40s", "m": 1.24, "n": 1.2345}, {"d": None}, ["1m", 2.01, 1.5]]
    asked = {"cmd": "x", "csrf_token": "t", "filters": '{"a": 1}', "visible_idx": "[1]"}
    clean_params(asked)
    parse_json(asked)
    assert asked == {"filters": {"a": 1}, "visible_idx": "[1]"}
    assert (valid_report_name("Sales", "_filtered"), valid_report_name("x" * 250, "_filtered")) == (True, False)


def test_what_limits_a_list_is_given_as_sql(frappe: Any) -> None:
    assert frappe.build_match_conditions("ToDo") == ""
    new(frappe, "User", email="limits@example.com", first_name="Limits", roles=[{"role": "Translator"}])
    frappe.set_user("limits@example.com")
    assert "allocated_to" in frappe.build_match_conditions("ToDo")


def test_texts_of_an_app_are_found_and_their_translations_written(frappe: Any, monkeypatch: Any, tmp_path: Any) -> None:
    from frappe.translate import get_messages_for_app, write_translations_file
    from frappe_engine.cli import translation_files

    package = tmp_path / "mine"
    package.mkdir()
    (package / "code.py").write_text('_("Quince")\n_("Sum", context="maths")\n_("Fig")\n')
    (package / "more.py").write_text('_("Quince")\n')
    for module in (frappe, translation_files):
        monkeypatch.setattr(module, "get_app_path", lambda _app, *parts: str(package.joinpath(*parts)))
    assert get_messages_for_app("mine")[-1] == ("mine/code.py", "Sum", "maths")
    assert len(get_messages_for_app("mine", deduplicate=False)) == 4
    write_translations_file("mine", "de", {"Quince": "Quitte", "Sum:maths": "Summe"})
    assert (package / "translations" / "de.csv").read_text() == "Quince,Quitte\nSum,Summe,maths\n"


def test_a_print_format_of_an_app_is_read_with_what_it_includes(frappe: Any, tmp_path: Any) -> None:
    assert frappe.utils.get_html_format(str(tmp_path / "none.html")) is None
    page = tmp_path / "own.html"
    page.write_text('<p>{{ doc.name }}</p>{% include "templates/includes/login/macros.html" %}')
    found = frappe.utils.get_html_format(str(page))
    assert found.startswith("<p>{{ doc.name }}</p>")
    assert "macro alert_banner" in found


def test_a_page_on_which_people_sign_in_has_banners(frappe: Any) -> None:
    use = '{% from "templates/includes/login/macros.html" import alert_banner %}{{ alert_banner("error") }}'
    shown = frappe.render_template(use, {})
    assert 'class="login-banner login-error-banner"' in shown
    assert 'role="alert"' in shown
