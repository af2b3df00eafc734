"""Translations in files that translators' tools know, and their way into the runtime."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GERMAN = """msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Apple of a test"
msgstr "Apfel"

msgctxt "fruit"
msgid "Plum of a test"
msgstr "Pflaume"

#, fuzzy
msgid "Fig of a test"
msgstr "Feige"
"""


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


@pytest.fixture
def folder(frappe: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An app's folder with a German PO file, instead of the framework's own."""
    from frappe_engine.cli import translation_files
    from frappe_engine.context import translate

    (tmp_path / "app" / "locale").mkdir(parents=True)
    (tmp_path / "app" / "locale" / "de.po").write_text(GERMAN)
    for module in (translate, translation_files):
        monkeypatch.setattr(module, "get_app_path", lambda _app, *parts: str(tmp_path.joinpath("app", *parts)))
    monkeypatch.setattr(frappe.local, "sites_path", str(tmp_path))
    translate.forget_translations()
    yield tmp_path
    monkeypatch.undo()
    translate.forget_translations()


def test_texts_of_po_files_are_translated(frappe: Any, folder: Path) -> None:
    (folder / "app" / "translations").mkdir()
    (folder / "app" / "translations" / "de.csv").write_text("Apple of a test,Of CSV\nPear of a test,Birne\n")
    texts = [frappe._(f"{name} of a test", "de") for name in ("Apple", "Pear", "Fig", "Plum")]
    assert texts == ["Apfel", "Birne", "Fig of a test", "Plum of a test"]
    assert frappe._("Plum of a test", "de-AT", context="fruit") == "Pflaume"


def test_what_was_compiled_is_read_until_its_source_changes(frappe: Any, folder: Path) -> None:
    from frappe.gettext.translate import get_mo_path, get_po_path, get_translations_from_mo

    source, compiled = get_po_path("frappe", "de"), get_mo_path("frappe", "de")
    assert get_translations_from_mo("de", "frappe") == {"Apple of a test": "Apfel", "Plum of a test:fruit": "Pflaume"}
    assert compiled == folder / "assets" / "locale" / "de" / "LC_MESSAGES" / "frappe.mo"
    stamp = compiled.stat().st_mtime
    source.write_text(GERMAN.replace('"Apfel"', '"Äpfel"'))
    os.utime(source, (stamp - 10, stamp - 10))
    assert get_translations_from_mo("de", "frappe")["Apple of a test"] == "Apfel"
    os.utime(source, (stamp + 10, stamp + 10))
    assert get_translations_from_mo("de", "frappe")["Apple of a test"] == "Äpfel"
    assert get_translations_from_mo("fr", "frappe") == {}


def test_where_nothing_can_be_written_the_source_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.gettext.translate import get_mo_path, get_translations_from_mo

    (folder / "assets").write_text("a file where a folder would have to be")
    assert get_translations_from_mo("de", "frappe")["Apple of a test"] == "Apfel"
    assert not get_mo_path("frappe", "de").exists()


def test_catalogues_are_made_written_and_compiled(frappe: Any, folder: Path) -> None:
    from frappe.gettext import translate

    catalog = translate.get_catalog("frappe", "de")
    catalog.add("Fig of a test", "Feige")
    catalog["Fig of a test"].flags.discard("fuzzy")
    assert translate.write_catalog("frappe", catalog, "de") == folder / "app" / "locale" / "de.po"
    translate.compile_translations("frappe", force=True)
    assert frappe._("Fig of a test", "de") == "Feige"
    (folder / "app" / "code.py").write_text('_("Quince of a test")\n')
    translate.generate_pot("frappe")
    assert "Quince of a test" in translate.get_catalog("frappe")
    translate.new_po("fr", "frappe")
    assert translate.get_locales("frappe") == ["de", "fr"]
    assert len(translate.new_catalog("frappe", "it")) == 0


@pytest.mark.parametrize(
    ("kind", "source", "expected"),
    [
        ("python", b'\n_("Hi {0}").format(1)\n_("x", context="c")\n', [(2, "_", "Hi {0}"), (3, "pgettext", ("c", "x"))]),
        ("javascript", b'__("Hi");\n__("C", null, "ctx")', [(1, "_", "Hi"), (2, "pgettext", ("ctx", "C"))]),
        ("html_template", b'<p>\n{{ _("Hi") }}</p>', [(2, "_", "Hi")]),
        ("doctype", b'{"doctype": "DocType", "name": "ZZ", "fields": [{"label": "La"}]}', [(None, "_", "ZZ"), (None, "_", "La")]),
    ],
)  # fmt: skip
def test_babel_reads_the_texts_of_files(frappe: Any, kind: str, source: bytes, expected: list[Any]) -> None:
    extract = frappe.get_attr(f"frappe.gettext.extractors.{kind}.extract")
    assert [found[:3] for found in extract(io.BytesIO(source), ["_"], (), {})] == expected


def test_an_app_says_which_files_are_read(frappe: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.gettext import translate

    monkeypatch.setattr(frappe, "get_app_path", lambda _app, *parts: str(folder.joinpath("app", *parts)))
    assert translate.get_method_map("mine") == []
    (folder / "babel_extractors.csv").write_text("**.ts,frappe.gettext.extractors.html_template.extract\n")
    assert translate.get_method_map("mine") == [("**.ts", "frappe.gettext.extractors.html_template.extract")]
    assert ("**.py", "frappe.gettext.extractors.python.extract") in translate.get_method_map("frappe")
