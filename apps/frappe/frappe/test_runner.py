"""Making the records that tests ask for; running tests is `bench run-tests`.

Names of the public API for `frappe_engine.testing.records`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from frappe_engine.testing import records


def make_test_records(doctype: str, verbose: Any = 0, force: bool = False, commit: bool = False) -> list[str]:
    """Make the records of a DocType after those it depends on; gives their names."""
    return records.make_test_records(doctype, force=force, commit=commit)


def make_test_records_for_doctype(
    doctype: str, verbose: Any = 0, force: bool = False, commit: bool = False
) -> list[str]:
    """Make the records of one DocType; gives their names."""
    return records.make_records_of(doctype, commit=commit)


def make_test_objects(
    doctype: str,
    test_records: Iterable[Mapping[str, Any]] | None = None,
    verbose: Any = None,
    reset: bool = False,
    commit: bool = False,
) -> list[str]:
    """Make documents from records; one that is there already stays, or is made anew with `reset`. Gives their names."""
    return records.make_test_objects(doctype, test_records, reset=reset, commit=commit)


def get_dependencies(doctype: str) -> list[str]:
    """Give the DocTypes whose records must be there before those of `doctype`."""
    return records.dependencies(doctype)
