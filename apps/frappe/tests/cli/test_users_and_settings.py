"""People, passwords, configuration, caches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_lines import Commands


def test_a_user_is_made_with_roles_and_password(bench: Commands) -> None:
    words = ["--first-name", "Li", "--last-name", "Wei", "--password", "Xq8-piano-29", "--user-type", "System User"]
    bench("add-user", "li@example.com", *words, "--add-role", "System Manager")
    from frappe.utils.password import check_password

    assert bench.ask(lambda frappe: frappe.db.get_value("User", "li@example.com", ["full_name", "user_type"])) == (
        "Li Wei",
        "System User",
    )
    assert "System Manager" in bench.ask(lambda frappe: frappe.get_roles("li@example.com"))
    assert bench.ask(lambda frappe: check_password("li@example.com", "Xq8-piano-29")) == "li@example.com"


def test_a_user_is_made_once(bench: Commands) -> None:
    bench("add-user", "li@example.com")
    assert "already exists" in bench("add-user", "li@example.com", status=1)


def test_a_system_manager_may_do_everything(bench: Commands) -> None:
    bench("add-system-manager", "boss@example.com", "--first-name", "Boss", "--password", "Xq8-piano-29")
    assert bench.ask(lambda frappe: frappe.has_permission("User", "delete", user="boss@example.com"))


def test_a_user_is_shut_out(bench: Commands) -> None:
    bench("add-user", "li@example.com")
    bench("disable-user", "li@example.com")
    assert bench.ask(lambda frappe: frappe.db.get_value("User", "li@example.com", "enabled")) == 0
    assert "does not exist" in bench("disable-user", "nobody@example.com", status=1)


def test_passwords_are_set_given_or_asked_for(bench: Commands) -> None:
    from frappe.utils.password import check_password

    bench("set-admin-password", "first")
    assert bench.ask(lambda frappe: check_password("Administrator", "first"))
    bench("set-password", "Administrator", given="second\n")
    assert bench.ask(lambda frappe: check_password("Administrator", "second"))
    assert "does not exist" in bench("set-password", "nobody@example.com", "x", status=1)


def make_session(bench: Commands, user: str = "Administrator") -> None:
    bench.do(
        lambda frappe: frappe.db.sql(
            "insert into tabSessions (user, sid, sessiondata) values (%s, %s, '{}')", (user, f"sid-{user}")
        )
    )


def sessions(bench: Commands) -> int:
    return bench.ask(lambda frappe: frappe.db.sql("select count(*) from tabSessions")[0][0])  # type: ignore[no-any-return]


def test_sessions_end_with_a_new_password_when_asked(bench: Commands) -> None:
    make_session(bench)
    bench("set-admin-password", "x")
    assert sessions(bench) == 1
    bench("set-admin-password", "y", "--logout-all-sessions")
    assert sessions(bench) == 0


def test_all_sessions_end_and_the_log_says_why(bench: Commands) -> None:
    make_session(bench)
    assert "1 sessions" in bench("destroy-all-sessions", "--reason", "lost laptop")
    assert sessions(bench) == 0
    assert "lost laptop" in bench.ask(lambda frappe: frappe.get_last_doc("Activity Log").subject)


def test_last_active_is_noted(bench: Commands) -> None:
    bench("set-last-active-for-user", "--user", "Administrator")
    assert bench.ask(lambda frappe: frappe.db.get_value("User", "Administrator", "last_active"))


def test_browse_opens_the_site(bench: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    bench.site.set_config("host_name", "https://shop.example.com")
    bench("browse", bench.site.name)
    assert opened == ["https://shop.example.com"]


def test_browse_signs_in(bench: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _url: True)
    output = bench("browse", bench.site.name, "--user", "Administrator")
    sid = output.split("sid=")[1].strip()
    assert (
        bench.ask(lambda frappe: frappe.db.sql("select user from tabSessions where sid = %s", sid)[0][0])
        == "Administrator"
    )


def test_permissions_are_those_of_the_files_again(bench: Commands) -> None:
    row = {"doctype": "Custom DocPerm", "parent": "ToDo", "role": "Guest", "read": 1}
    bench.do(lambda frappe: frappe.get_doc(row).insert(ignore_permissions=True))
    assert "1 DocTypes" in bench("reset-perms")
    assert bench.ask(lambda frappe: frappe.db.count("Custom DocPerm")) == 0


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        (["1"], 1),
        (["text"], "text"),
        (["false"], False),
        (["-p", "{'a': [1, 2]}"], {"a": [1, 2]}),
        (["--parse", '{"a": true}'], {"a": True}),
        (["-p", "None"], None),
    ],
)
def test_configuration_is_stored_as_what_it_reads_as(bench: Commands, words: list[str], stored: object) -> None:
    bench("set-config", "thing", *words)
    assert bench.site.config.get("thing") == stored


def test_configuration_of_the_bench(bench: Commands) -> None:
    bench.bare("set-config", "-g", "thing", "everywhere")
    assert json.loads(Path("common_site_config.json").read_text())["thing"] == "everywhere"
    assert bench.site.config.thing == "everywhere"


def test_what_is_no_literal_is_refused(bench: Commands) -> None:
    assert "neither" in bench("set-config", "-p", "thing", "{a:", status=1)


def test_configuration_is_shown(bench: Commands) -> None:
    bench("set-config", "-p", "nested", "{'deep': 7}")
    assert "nested.deep" in bench("show-config")
    assert json.loads(bench("show-config", "--format", "json"))["nested"] == {"deep": 7}


def test_maintenance_mode_closes_and_opens(bench: Commands) -> None:
    bench("set-maintenance-mode", "on")
    assert bench.site.config.maintenance_mode == 1
    bench("set-maintenance-mode", "off")
    assert bench.site.config.maintenance_mode == 0


def test_clear_cache_forgets_what_is_shared(bench: Commands) -> None:
    for command in ("clear-cache", "clear-website-cache"):
        bench.do(lambda frappe: frappe.cache.set_value("website_page", "old"))
        bench(command)
        assert bench.ask(lambda frappe: frappe.cache.get_value("website_page")) is None


def test_global_search_is_filled_anew(bench: Commands) -> None:
    def make(frappe: object) -> None:
        frappe.make_property_setter(
            {"doctype": "ToDo", "fieldname": "description", "property": "in_global_search", "value": 1}
        )  # type: ignore[attr-defined]
        frappe.get_doc({"doctype": "ToDo", "description": "find the needle"}).insert()  # type: ignore[attr-defined]

    bench.do(make)
    assert "documents" in bench("rebuild-global-search")
    found = bench.ask(lambda frappe: frappe.db.sql("select doctype from __global_search where content like '%needle%'"))
    assert found == (("ToDo",),)


def test_the_site_of_the_environment_is_taken(bench: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAPPE_SITE", bench.site.name)
    assert "frappe" in bench.bare("list-apps")
    monkeypatch.setenv("FRAPPE_SITE", "nosuch")
    assert "does not exist" in str(bench.run("list-apps").exception)
