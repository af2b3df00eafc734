"""Files in folders: made, listed, found, moved, unpacked."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)
Call = Callable[..., Any]


@pytest.fixture
def call(frappe: Any) -> Call:
    from frappe.core.api import file

    return lambda name, *given, **named: getattr(file, name)(*given, **named)


def put(frappe: Any, name: str, content: bytes | str = "text", **values: Any) -> Any:
    return frappe.get_doc({"doctype": "File", "file_name": name, "content": content, **values}).insert()


def packed(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_folder_lists_folders_first_and_by_pages(frappe: Any, call: Call) -> None:
    folder = call("create_new_folder", "Papers", "Home").name
    call("create_new_folder", "Old", folder)
    for name in ("b.txt", "a.txt"):
        put(frappe, name, name, folder=folder)
    first = call("get_files_in_folder", folder, page_length=2)
    assert ([row.file_name for row in first["files"]], first["has_more"]) == (["Old", "a.txt"], True)
    second = call("get_files_in_folder", folder, start=2, page_length=2)
    assert ([row.file_name for row in second["files"]], second["has_more"]) == (["b.txt"], False)
    with pytest.raises(frappe.LinkValidationError):
        call("create_new_folder", "Lost", "Home/Nowhere")


def test_files_are_found_by_a_part_of_their_name(frappe: Any, call: Call) -> None:
    put(frappe, "invoice-4711.txt")
    assert [row.file_name for row in call("get_files_by_search_text", "4711")] == ["invoice-4711.txt"]
    assert call("get_files_by_search_text", " ") == []


def test_pictures_of_several_documents_come_by_document(frappe: Any, call: Call) -> None:
    notes = [frappe.get_doc({"doctype": "Note", "title": title}).insert().name for title in ("one", "two")]
    address = put(frappe, "p.png", PICTURE, attached_to_doctype="Note", attached_to_name=notes[0]).file_url
    put(frappe, "p.txt", attached_to_doctype="Note", attached_to_name=notes[1])
    assert call("get_attached_images", "Note", frappe.as_json(notes)) == {notes[0]: [address]}


def test_files_move_for_those_who_may_write_them(frappe: Any, call: Call, make_user: Call, acting_as: Call) -> None:
    folder = call("create_new_folder", "Papers", "Home").name
    file = put(frappe, "a.txt", folder="Home")
    make_user("reader@example.com")
    with acting_as("reader@example.com"), pytest.raises(frappe.PermissionError):
        call("move_file", [{"name": file.name}], folder, "Home")
    call("move_file", frappe.as_json([{"name": file.name}]), folder, "Home")
    assert frappe.db.get_value("File", file.name, "folder") == folder
    with pytest.raises(frappe.ValidationError, match=r"a\.txt"):
        call("move_file", [{"name": file.name}], folder, "Home")


@pytest.mark.parametrize(
    ("name", "given"), [("move_file", ("-1", "Home", "Home")), ("get_attached_images", ("Note", "7"))]
)
def test_what_is_no_list_is_refused(frappe: Any, call: Call, name: str, given: tuple[str, ...]) -> None:
    with pytest.raises(frappe.ValidationError):
        call(name, *given)


def test_a_zip_file_becomes_its_files(frappe: Any, call: Call) -> None:
    note = frappe.get_doc({"doctype": "Note", "title": "with papers"}).insert()
    content = packed({"a.txt": b"A", "deep/b.txt": b"B", "../c.txt": b"C", "__MACOSX/d.txt": b"", ".hidden": b""})
    where = {"attached_to_doctype": "Note", "attached_to_name": note.name, "is_private": 1}
    archive = put(frappe, "papers.zip", content, **where)
    assert call("unzip_file", archive.name) == 2
    found = frappe.get_all("File", {"attached_to_name": note.name}, ["file_name", "is_private"], order_by="file_name")
    assert [(row.file_name, row.is_private) for row in found] == [("a.txt", 1), ("b.txt", 1)]


def test_what_is_no_zip_file_or_too_large_is_left_alone(frappe: Any, call: Call) -> None:
    plain = put(frappe, "plain.zip", b"no archive at all")
    with pytest.raises(frappe.ValidationError, match=r"plain\.zip"):
        call("unzip_file", plain.name)
    frappe.conf["max_file_size"] = 1000
    try:
        bomb = put(frappe, "bomb.zip", packed_bomb())
        with pytest.raises(frappe.ValidationError, match=r"bomb\.zip"):
            call("unzip_file", bomb.name)
    finally:
        frappe.conf.pop("max_file_size")
    assert frappe.db.exists("File", bomb.name)


def packed_bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"0" * 50_000)
    return written.getvalue()


def test_older_names_for_copies_of_databases_and_folders(frappe: Any, tmp_path: Any) -> None:
    @frappe.read_only()
    def reads(number: int) -> int:
        return number + 1

    assert (reads(1), frappe.connect_to_replica()) == (2, False)
    frappe.create_folder(str(tmp_path / "a" / "b"), with_init=True)
    assert (tmp_path / "a" / "b" / "__init__.py").read_text() == ""


@pytest.mark.parametrize(("place", "value"), [(8, 1), (10, 99)])  # a password; a way of packing that nobody knows
def test_a_zip_file_that_cannot_be_unpacked_is_refused(frappe: Any, call: Call, place: int, value: int) -> None:
    content = bytearray(packed({"a.txt": b"A"}))
    for head, field in ((b"PK\x01\x02", place), (b"PK\x03\x04", place - 2)):
        content[content.index(head) + field] = value
    locked = put(frappe, "locked.zip", bytes(content))
    with pytest.raises(frappe.ValidationError, match=r"locked\.zip"):
        call("unzip_file", locked.name)
    assert frappe.db.exists("File", locked.name)
