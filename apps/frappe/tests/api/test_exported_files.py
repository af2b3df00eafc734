"""Documents written into the files of apps, and read from there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from frappe.modules.export_file import (
    create_folder,
    delete_folder,
    export_doc,
    export_to_files,
    get_module_name,
    strip_default_fields,
    write_document_file,
)
from frappe.modules.import_file import get_file_path, import_doc, import_file, read_doc_from_file, update_modified
from frappe_engine.documents import exporting


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stands for every app's."""
    monkeypatch.setattr(exporting, "get_app_path", lambda _app, *parts: str(tmp_path.joinpath(*parts)))
    return tmp_path


@pytest.fixture
def card(frappe: Any) -> Any:
    """A number card of the module Desk."""
    values = {"label": "EF Users", "document_type": "User", "function": "Count", "module": "Desk", "is_standard": 0}
    return frappe.get_doc({"doctype": "Number Card", **values}).insert()


def test_a_document_is_written_where_its_module_lies(app: Path, card: Any) -> None:
    export_doc(card)
    written = json.loads((app / "desk/number_card/ef_users/ef_users.json").read_text())
    assert (written["doctype"], written["label"]) == ("Number Card", "EF Users")
    assert (app / "desk/number_card/ef_users/__init__.py").exists()


def test_documents_are_written_by_name_into_another_module(app: Path, card: Any, frappe: Any) -> None:
    export_to_files(record_list=[["Number Card", card.name, "elsewhere"]], record_module="Core")
    folder = app / "core/number_card/elsewhere"
    assert sorted(file.name for file in folder.iterdir()) == ["elsewhere.json"]
    frappe.flags.in_import = True
    export_to_files(record_list=[["Number Card", card.name]])
    assert not (app / "desk").exists()


def test_folders_are_made_and_removed(app: Path, frappe: Any) -> None:
    folder = Path(create_folder("Desk", "Number Card", "EF Gone", create_init=True))
    assert (folder / "__init__.py").exists()
    delete_folder("Desk", "Number Card", "EF Gone")
    assert folder.parent.exists()
    assert not folder.exists()
    delete_folder("Desk", "Number Card", "EF Gone")  # nothing is left to remove
    with pytest.raises(ValueError, match="kind"):
        delete_folder("Desk", "", "")


def test_the_module_of_a_document_without_one_is_that_of_its_doctype(frappe: Any, card: Any) -> None:
    assert get_module_name(card) == "Desk"
    assert get_module_name(frappe.get_doc({"doctype": "ToDo", "description": "x"})) == "Desk"
    assert get_module_name(frappe.get_doc("Module Def", "Core")) == "Core"


def test_rows_keep_their_own_fields_alone(frappe: Any) -> None:
    user = frappe.get_doc("User", "Administrator")
    user.append("social_logins", {"provider": "frappe", "userid": "x"})
    exported = strip_default_fields(user, user.as_dict(no_nulls=True))
    row = exported["social_logins"][-1]
    assert {"name", "parent", "parentfield", "parenttype", "doctype", "idx", "owner"}.isdisjoint(row)
    assert row["userid"] == "x"
    assert exported["name"] == "Administrator"


def test_a_file_is_read_and_stored_as_it_is(app: Path, card: Any, frappe: Any) -> None:
    path = write_document_file(card, create_init=False)
    content = read_doc_from_file(path)
    assert import_doc({**content, "label": "EF Other"}).label == "EF Other"
    update_modified("2020-01-02 03:04:05", content)
    assert str(frappe.db.get_value("Number Card", card.name, "modified")) == "2020-01-02 03:04:05"
    (app / "empty.json").write_text("")
    assert read_doc_from_file(str(app / "empty.json")) is None


def test_a_standard_document_is_found_by_module_kind_and_name(frappe: Any) -> None:
    path = get_file_path("Desk", "DocType", "ToDo")
    assert read_doc_from_file(path)["name"] == "ToDo"
    assert import_file("Desk", "DocType", "ToDo", force=True) is True
    assert import_file("Desk", "DocType", "ToDo") is False
