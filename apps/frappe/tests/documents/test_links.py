"""Links whose targets the process knows: what they fetch is filled in without asking the database."""

from types import SimpleNamespace
from typing import Any

import pytest
from frappe_engine.documents.links import _are_known

PLAN: Any = SimpleNamespace(
    links={"source": SimpleNamespace(options="Box"), "other": SimpleNamespace(options="Box")},
    fetched={"source": (("note", "title", False), ("once", "title", True))},
    fetches_links=False,
    dynamic_links=(),
)


def test_what_is_known_is_fetched() -> None:
    own = {"source": "S", "note": "old", "once": "own"}
    assert _are_known(own, PLAN, {"link|Box|s": {"name": "S", "title": "t"}})
    assert own == {"source": "S", "note": "t", "once": "own"}


def test_what_was_fetched_stays_without_its_link() -> None:
    own = {"source": None, "note": "old", "once": "own"}
    assert _are_known(own, PLAN, {})
    assert own == {"source": None, "note": "old", "once": "own"}


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"link|Box|s": {"name": "S"}},
        {"link|Box|s": {"name": "s", "title": "t"}},
        {"link|Box|s": {"name": "S", "title": "t", "docstatus": 2}},
        {"link|Box|s": {"name": "S", "title": "t"}, "link|Box|o": {"name": "o"}},
    ],
    ids=["unknown", "without the field", "spelled otherwise", "cancelled", "another spelled otherwise"],
)
def test_nothing_is_filled_where_the_database_has_to_be_asked(known: dict[str, Any]) -> None:
    own = {"source": "S", "note": "old", "other": "O"}
    assert not _are_known(own, PLAN, known)
    assert own == {"source": "S", "note": "old", "other": "O"}
