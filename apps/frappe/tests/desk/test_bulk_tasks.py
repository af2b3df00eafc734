"""Work on many documents in the background: each with its outcome, what is done stays done."""

from __future__ import annotations

from typing import Any

import pytest
from frappe_engine.cli.working import surroundings
from frappe_engine.desk import bulk_tasks
from frappe_engine.jobs.worker import Worker

from .conftest import TESTER, Desk

CALLS = "frappe.desk.doctype.bulk_update.bulk_update."


@pytest.fixture(autouse=True)
def embedded(served: Any) -> None:
    """Jobs in the site's own table, whatever services run beside the tests."""
    served.set_config("redis_queue", "")


def work(site: Any) -> None:
    """Do what waits, as a worker does."""
    Worker(surroundings(site.sites_path), lambda: [site.name], sites_path=site.sites_path, burst=True).run()


def started(desk: Desk, names: list[str], action: str, **data: Any) -> str:
    values = {"doctype": "HP Doc", "docnames": names, "action": action, **({"data": data} if data else {})}
    return str(desk.post(f"{CALLS}start_bulk_task", **values)["task_id"])


def state(desk: Desk, task: str, since: int = 0) -> dict[str, Any]:
    return dict(desk.get(f"{CALLS}get_bulk_task", task_id=task, since=str(since)))


def titles(desk: Desk, names: list[str]) -> list[Any]:
    rows = desk.get("frappe.client.get_list", doctype="HP Doc", filters={"name": ["in", names]}, fields=["title"])
    return [row["title"] for row in rows]


def test_each_document_has_its_outcome_and_its_reason(served: Any, desk: Desk) -> None:
    names = [desk.new("HP Doc", title=f"bulk {number}") for number in range(3)]
    task = started(desk, [names[0], "nope", *names[1:]], "submit")
    assert state(desk, task) == {"total": 4, "outcomes": [], "finished": False}
    work(served)
    found = state(desk, task)
    assert [(row["name"], row["ok"]) for row in found["outcomes"]] == [
        (names[0], True),
        ("nope", False),
        (names[1], True),
        (names[2], True),
    ]
    assert found["finished"]
    assert "nope" in found["outcomes"][1]["reason"]


def test_only_what_is_new_is_told_again(served: Any, desk: Desk) -> None:
    names = [desk.new("HP Doc", title="a"), desk.new("HP Doc", title="b")]
    task = started(desk, names, "delete")
    work(served)
    assert [row["name"] for row in state(desk, task, since=1)["outcomes"]] == names[1:]
    assert titles(desk, names) == []


def test_a_field_is_changed_and_a_refused_document_keeps_its_value(served: Any, desk: Desk) -> None:
    free, submitted = desk.new("HP Doc", title="free"), desk.new("HP Doc", title="kept", docstatus=1)
    task = started(desk, [free, submitted], "update", title="new")
    work(served)
    assert [row["ok"] for row in state(desk, task)["outcomes"]] == [True, False]
    assert sorted(titles(desk, [free, submitted])) == ["kept", "new"]


def test_prints_are_one_file(served: Any, desk: Desk) -> None:
    task = started(desk, [desk.new("HP Doc", title=f"print {number}") for number in range(2)], "print")
    work(served)
    address = state(desk, task)["file_url"]
    answer = desk.web.get(address, auth=desk.auth)
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


def test_a_task_that_is_taken_up_again_leaves_out_what_was_done(served: Any, desk: Desk) -> None:
    names = [desk.new("HP Doc", title=f"again {number}") for number in range(2)]
    task = started(desk, names, "submit")
    with served.connected() as context:
        context.cache_server.rpush(bulk_tasks._key(task, "outcomes"), {"name": names[0], "ok": True, "reason": ""})
        assert list(bulk_tasks._left(task, names, again=False)) == [names[1]]


def test_a_task_can_be_stopped(served: Any, desk: Desk) -> None:
    names = [desk.new("HP Doc", title="stopped")]
    task = started(desk, names, "delete")
    desk.post(f"{CALLS}stop_bulk_task", task_id=task)
    work(served)
    assert state(desk, task) == {"total": 1, "outcomes": [], "finished": True}
    assert titles(desk, names) == ["stopped"]


def test_nobody_else_sees_a_task(desk: Desk) -> None:
    task = started(desk, [desk.new("HP Doc", title="mine")], "submit")
    answer = desk.as_user(TESTER).read(f"{CALLS}get_bulk_task", task_id=task)
    assert answer.status_code == 404


def test_an_action_that_there_is_not_is_refused(desk: Desk) -> None:
    answer = desk.write(f"{CALLS}start_bulk_task", doctype="HP Doc", docnames=["x"], action="burn")
    assert answer.status_code == 417
