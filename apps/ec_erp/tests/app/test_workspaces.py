"""Whatever people work with stands on a workspace, and what stands on one is there."""

import json
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "ec_erp"


def documents(pattern: str) -> Iterator[dict[str, object]]:
    for file in sorted(APP.glob(pattern)):
        yield json.loads(file.read_text(encoding="utf-8"))


def workspaces() -> dict[str, dict[str, list[dict[str, str]]]]:
    return {str(page["name"]): page for page in documents("*/workspace/*/*.json")}  # type: ignore[misc]


def test_every_doctype_stands_on_a_workspace() -> None:
    reached = {row.get("link_to") for page in workspaces().values() for row in (*page["links"], *page["shortcuts"])}
    names = {doctype["name"] for doctype in documents("*/doctype/*/*.json") if not doctype.get("istable")}
    assert sorted(map(str, names - reached)) == []


def test_every_card_of_links_is_shown() -> None:
    for name, page in workspaces().items():
        shown = {
            block["data"].get("card_name") for block in json.loads(str(page["content"])) if block["type"] == "card"
        }
        assert {row["label"] for row in page["links"] if row["type"] == "Card Break"} == shown, name
