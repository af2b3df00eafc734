"""Every text that the product shows has a Chinese translation with the same placeholders, and no translation is left over."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "ec_erp"
CALLS = {
    ".html": r"\b_\(\s*\"((?:[^\"\\]|\\.)*)\"",
    ".py": r"\b(?:N_|_|frappe\._)\(\s*\"((?:[^\"\\]|\\.)*)\"",
    ".js": r"\b__\(\s*\"((?:[^\"\\]|\\.)*)\"",
}
# Texts of records that the app creates, which carry their translation as master data does.
MASTERS = APP / "setup" / "masters.py"


def rows() -> list[list[str]]:
    with (APP / "translations" / "zh.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def texts_in_code() -> set[str]:
    return {
        text
        for extension, pattern in CALLS.items()
        for file in APP.rglob(f"*{extension}")
        if not file.name.startswith("test_")
        for text in re.findall(pattern, file.read_text(encoding="utf-8"))
    }


def texts_in_metadata() -> Iterator[str]:
    for file in APP.glob("*/doctype/*/*.json"):
        doctype = json.loads(file.read_text(encoding="utf-8"))
        yield from (doctype["name"], doctype["module"])
        for row in doctype["fields"]:
            yield from (row.get("label") or "", row.get("description") or "")
            yield from (row.get("options") or "").split("\n") if row["fieldtype"] == "Select" else ()
        yield from (link.get("group", "") for link in doctype["links"])
        yield from (rule["role"] for rule in doctype["permissions"])


def texts_on_pages() -> set[str]:
    """Give the texts of workspaces, cards, charts, reports and print formats, and what their templates translate."""
    files = [file for file in APP.glob("*/*/*/*.json") if file.parts[-3] != "doctype"]
    texts = {text for file in files for text in strings_of(json.loads(file.read_text(encoding="utf-8")))}
    return texts | {found for text in texts for found in re.findall(r"\b_\(\s*[\"']([^\"']*)[\"']", text)}


def strings_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from strings_of(json.loads(value)) if value.startswith(("[{", '{"')) else (value,)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings_of(part)


def test_every_text_is_translated() -> None:
    known = {row[0] for row in rows()}
    assert sorted((texts_in_code() | set(texts_in_metadata())) - known - {""}) == []


def test_every_word_of_a_workspace_is_translated() -> None:
    shown = {
        row.get("label") or ""
        for file in APP.glob("*/workspace/*/*.json")
        for table in ("shortcuts", "links", "charts", "number_cards", "quick_lists")
        for row in json.loads(file.read_text(encoding="utf-8")).get(table) or []
    }
    assert sorted(shown - {row[0] for row in rows()} - {""}) == []


def test_what_is_left_of_goods_is_no_side() -> None:
    """*Left* is a side of trees (nested sets), and what remains of quotas and layers."""
    told = {row[2]: row[1] for row in rows() if row[0] == "Left" and len(row) > 2}
    assert told == {"Stock Layer": "剩余", "Stock Quota": "剩余"}


def test_translations_keep_their_placeholders() -> None:
    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"\{\d}", text))

    assert [row[0] for row in rows() if placeholders(row[0]) != placeholders(row[1])] == []


def test_no_translation_is_left_over() -> None:
    masters = MASTERS.read_text(encoding="utf-8")
    used = texts_in_code() | set(texts_in_metadata()) | texts_on_pages()
    assert [row[0] for row in rows() if row[0] not in used and f'"{row[0]}"' not in masters] == []


def test_rows_are_sorted_and_unique() -> None:
    keys = [(row[0], row[2] if len(row) > 2 else "") for row in rows()]
    assert keys == sorted(set(keys))
