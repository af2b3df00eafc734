"""Names by rules kept on the site: documents `Document Naming Rule`, and how amended documents are named.

Order: rules of a DocType by priority (the highest first); the first whose conditions hold names the document.

Invariant: a rule counts in its own row, so a number that is rolled back is given out again, and two transactions never
get the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frappe_engine.context.local import current, providers
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.base import compare
from frappe_engine.documents.naming import parse_series
from frappe_engine.kit.numbers import flt

RULES_KEY = "naming_rules|"
AMENDED_KEY = "amended_naming|"
BY_SERIES = "Default Naming"


@dataclass(frozen=True, slots=True)
class NamingRule:
    """One rule: its row, the prefix and digits of names, and the conditions (field, operator, value)."""

    name: str
    prefix: str
    digits: int
    conditions: tuple[tuple[str, str, str], ...]

    def fits(self, document: Any) -> bool:
        """Tell whether a document is named by this rule."""
        return all(_holds(document.get(field), operator, value) for field, operator, value in self.conditions)


def _holds(value: Any, operator: str, wanted: str) -> bool:
    if isinstance(value, (int, float)):
        return compare(float(value), operator, flt(wanted))
    return compare("" if value is None else str(value), operator, wanted)


def name_by_rule(document: Any) -> None:
    """Name a document by the first rule that fits; leave it alone when none does."""
    for rule in rules_of(document.doctype):
        if rule.fits(document):
            prefix = parse_series(rule.prefix.split("."), doc=document) if "." in rule.prefix else rule.prefix
            document.name = f"{prefix}{_next_number(rule.name):0{rule.digits}d}"
            return


def rules_of(doctype: str) -> Sequence[NamingRule]:
    """Give the rules of a DocType in the order in which they are tried."""
    context = current()
    if context.__dict__.get("doctype_files") is not None:
        return ()
    known: Mapping[str, list[NamingRule]] = process_cache_of(context).get_or_load(RULES_KEY, _load)
    return known.get(doctype, ())


def _load() -> dict[str, list[NamingRule]]:
    database = current().db
    rows = database.rows(
        "SELECT `name`, `document_type`, `prefix`, `prefix_digits` FROM `tabDocument Naming Rule` WHERE `disabled` = 0"
        " ORDER BY `priority` DESC, `creation`"
    )
    if not rows:
        return {}
    conditions: dict[str, list[tuple[str, str, str]]] = {}
    for parent, field, operator, value in database.rows(
        "SELECT `parent`, `field`, `condition`, `value` FROM `tabDocument Naming Rule Condition` ORDER BY `idx`"
    ):
        conditions.setdefault(parent, []).append((field, operator or "=", value or ""))
    found: dict[str, list[NamingRule]] = {}
    for name, doctype, prefix, digits in rows:
        rule = NamingRule(str(name), str(prefix or ""), int(digits or 5), tuple(conditions.get(name, ())))
        found.setdefault(str(doctype), []).append(rule)
    return found


def _next_number(rule: str) -> int:
    """Take the next number of a rule; others wait until this transaction ends."""
    database = current().db
    if database.is_sqlite:
        query = "UPDATE `tabDocument Naming Rule` SET `counter` = `counter` + 1 WHERE `name` = ? RETURNING `counter`"
        return int(database.write(query, (rule,)).fetchone()[0])
    query = "UPDATE `tabDocument Naming Rule` SET `counter` = LAST_INSERT_ID(`counter` + 1) WHERE `name` = ?"
    return int(database.write(query, (rule,)).lastrowid)


def forget_rules() -> None:
    """Read the rules anew at next use, in every process."""
    process_cache_of(current()).forget(RULES_KEY, AMENDED_KEY)


def is_amended_by_series(doctype: str) -> bool:
    """Tell whether amended documents of a DocType get a new name of the series instead of the old name with -1."""
    if current().get("doctype_files") is not None:
        return False
    settings: dict[str | None, str] = process_cache_of(current()).get_or_load(AMENDED_KEY, _load_amended)
    return settings.get(doctype, settings.get(None)) == BY_SERIES


def _load_amended() -> dict[str | None, str]:
    database = current().db
    found: dict[str | None, str] = {}
    row = database.row(
        "SELECT `value` FROM `tabSingles` WHERE `doctype` = 'Document Naming Settings' AND `field` = 'default_amend_naming'"
    )
    if row is not None:
        found[None] = str(row[0])
    rows = database.rows("SELECT `document_type`, `action` FROM `tabAmended Document Naming Settings`")
    found.update({str(doctype): str(action) for doctype, action in rows})
    return found


providers.register("naming_rule", name_by_rule)
providers.register("amended_naming", is_amended_by_series)
