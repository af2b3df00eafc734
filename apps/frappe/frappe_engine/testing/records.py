"""Records that tests of DocTypes ask for: `test_records`, `test_dependencies`, `test_records.json` beside a DocType.

Invariant: a record is made once per site; what it links to is made before it.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from frappe_engine.context.errors import DoesNotExistError, NameError
from frappe_engine.context.local import current
from frappe_engine.documents.controllers import load_doctype_module
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.metas import get_meta

DEPENDENCIES = ("test_dependencies", "EXTRA_TEST_RECORD_DEPENDENCIES")
IGNORED = ("test_ignore", "IGNORE_TEST_RECORD_DEPENDENCIES")
NEVER_MADE = frozenset({"DocType", "Module Def", "Print Format", "Language", "Country", "Currency", "Report"})


def test_module(doctype: str) -> ModuleType | None:
    """Give the module `test_<doctype>` in a DocType's folder, None when there is none."""
    try:
        return load_doctype_module(doctype, prefix="test_")
    except ImportError as error:
        cause = error.__cause__
        if isinstance(cause, ModuleNotFoundError) and f"test_{scrubbed(doctype)}" not in str(cause.name):
            raise
        return None


def scrubbed(doctype: str) -> str:
    """Give a DocType's name as its folder has it."""
    return doctype.replace(" ", "_").replace("-", "_").lower()


test_module.__test__ = False  # type: ignore[attr-defined]  # no test, whatever its name


def dependencies(doctype: str) -> list[str]:
    """Give the DocTypes whose records must be there first: those it links to, and those its tests name."""
    meta = get_meta(doctype)
    module = test_module(doctype)
    found = [item.options for item in meta.get_link_fields()]
    for table in meta.get_table_fields():
        found += [item.options for item in get_meta(table.options).get_link_fields()]
    found += [name for attribute in DEPENDENCIES for name in getattr(module, attribute, ())]
    ignored = {name for attribute in IGNORED for name in getattr(module, attribute, ())}
    return [name for name in dict.fromkeys(found) if name and name != "[Select]" and name not in ignored]


def stored_records(doctype: str) -> list[dict[str, Any]] | None:
    """Give the records of a DocType's tests: `test_records` of the module, or `test_records.json`; None for none."""
    module = test_module(doctype)
    if module is not None and hasattr(module, "test_records"):
        return list(module.test_records)
    folder = os.path.dirname(str(module.__file__ if module else load_doctype_module(doctype).__file__))
    path = os.path.join(folder, "test_records.json")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return list(json.load(file))


def make_test_records(
    doctype: str, *, force: bool = False, commit: bool = False, _under_way: set[str] | None = None
) -> list[str]:
    """Make the records of a DocType after those it depends on; gives their names."""
    made: dict[str, list[str]] = current().__dict__.setdefault("test_objects", {})
    under_way = set() if _under_way is None else _under_way
    if doctype in under_way or (doctype in made and not force):
        return made.get(doctype, [])
    under_way.add(doctype)
    try:
        needed = dependencies(doctype)
    except (DoesNotExistError, ImportError):
        made[doctype] = []
        return []
    for name in needed:
        if name not in made and name not in NEVER_MADE:
            make_test_records(name, commit=commit, _under_way=under_way)
    made[doctype] = make_records_of(doctype, commit=commit)
    return made[doctype]


def make_records_of(doctype: str, *, commit: bool = False) -> list[str]:
    """Make the records of one DocType; gives their names."""
    module = test_module(doctype)
    maker = getattr(module, "_make_test_records", None)
    if maker is not None:
        return [str(name) for name in maker(False) or ()]
    return make_test_objects(doctype, stored_records(doctype) or (), commit=commit)


def make_test_objects(
    doctype: str, records: Iterable[Mapping[str, Any]] | None = None, *, reset: bool = False, commit: bool = False
) -> list[str]:
    """Make documents from records; one that is there already stays, or is made anew with `reset`. Gives their names."""
    names = []
    for record in records if records is not None else stored_records(doctype) or ():
        values = copy.deepcopy(dict(record))
        values.setdefault("doctype", doctype)
        document = get_doc(values)
        existing = existing_name(document)
        if existing and not reset:
            names.append(existing)
            continue
        if existing:
            get_doc(document.doctype, existing).delete(ignore_permissions=True, force=True)
        names.append(_insert(document))
    if commit:
        current().db.commit()
    return names


def existing_name(document: Any) -> str | None:
    """Give the name under which a document of these values is stored, None when it is not."""
    rule = str(document.meta.autoname or "")
    name = document.get("name") or (document.get(rule.removeprefix("field:")) if rule.startswith("field:") else None)
    if not name:
        return None
    found: str | None = current().db.exists(document.doctype, name)
    return found


def _insert(document: Any) -> str:
    series = document.meta.get_field("naming_series")
    if series is not None and not document.get("naming_series"):
        document.naming_series = f"_T-{document.doctype}-"
    submitted = int(document.get("docstatus") or 0) == 1
    document.docstatus = 0
    try:
        document.run_method("before_test_insert")
        document.insert(ignore_if_duplicate=True)
        if submitted:
            document.submit()
    except NameError:
        if not document.flags.ignore_these_exceptions_in_test:
            raise
    return str(document.name)
