"""An ordinary app of somebody else installs, migrates, passes its own tests, and works through `bench`."""

from __future__ import annotations

import json
import re

import pytest
from driven_bench import TrialBench

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def club(bench: TrialBench) -> TrialBench:
    """The bench, with the app installed on its site."""
    bench.on_site("install-app", "book_club")
    return bench


def test_it_is_installed(club: TrialBench) -> None:
    assert "book_club 0.1.0" in re.sub(r" +", " ", club.on_site("list-apps"))
    assert json.loads(club.on_site("execute", "frappe.client.get_count", "--kwargs", '{"doctype": "Book"}')) == 1


def test_it_passes_its_own_tests(club: TrialBench) -> None:
    printed = club.on_site("run-tests", "--app", "book_club")
    assert re.search(r"Ran 22 tests", printed), printed
    assert "OK" in printed


def test_it_migrates_and_its_patches_run_once(club: TrialBench) -> None:
    patches = club.root / "apps/book_club/book_club/patches.txt"
    patches.write_text(patches.read_text() + "book_club.patches.added_later\n")
    body = 'import frappe\n\n\ndef execute():\n    frappe.db.set_default("added", (frappe.db.get_default("added") or "") + "x")\n'
    (patches.parent / "patches/added_later.py").write_text(body)
    club.on_site("migrate")
    club.on_site("migrate")
    assert json.loads(club.on_site("execute", "frappe.db.get_default", "--args", '["added"]')) == "x"


def test_a_patch_runs_again_by_force(club: TrialBench) -> None:
    club.on_site("run-patch", "book_club.patches.added_later", "--force")
    assert json.loads(club.on_site("execute", "frappe.db.get_default", "--args", '["added"]')) == "xx"


def test_its_tests_are_shared_out(club: TrialBench) -> None:
    printed = club.on_site("run-parallel-tests", "--app", "book_club", "--build-number", "1", "--total-builds", "1")
    assert "OK" in printed


def test_a_new_field_reaches_the_table(club: TrialBench) -> None:
    path = club.root / "apps/book_club/book_club/book_club/doctype/book/book.json"
    definition = json.loads(path.read_text())
    definition["fields"].append({"fieldname": "isbn", "fieldtype": "Data", "label": "ISBN"})
    definition["modified"] = "2024-04-01 10:00:00.000000"
    path.write_text(json.dumps(definition))
    club.on_site("migrate")
    values = '["Book", "BK-FIRST", "isbn", "978-0"]'
    club.on_site("execute", "frappe.db.set_value", "--args", values)
    assert (
        json.loads(club.on_site("execute", "frappe.db.get_value", "--args", '["Book", "BK-FIRST", "isbn"]')) == "978-0"
    )


def test_its_command_is_one_of_benchs(club: TrialBench) -> None:
    assert "The club: " in club.on_site("club-summary", "--title", "The club")


def test_its_fixtures_are_written_again(club: TrialBench) -> None:
    club.on_site("export-fixtures", "--app", "book_club")
    rows = json.loads((club.root / "apps/book_club/book_club/fixtures/custom_field.json").read_text())
    assert [row["name"] for row in rows] == ["User-library_card"]


def test_it_is_uninstalled(club: TrialBench) -> None:
    club.on_site("uninstall-app", "book_club", "--yes", "--no-backup")
    assert "book_club" not in club.on_site("list-apps")
