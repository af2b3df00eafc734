"""The data-quality board: every standing check with its findings, and mending them by the proposals.

Invariants: other areas add checks by the hook ``ec_erp_quality_checks`` (functions returning a list of ``Check``); a fix is saved
as the user who asks for it, with all checks of the document; what can't be mended changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import store_quality as store
from ec_erp.catalog.rules import quality as rules
from ec_erp.catalog.rules.quality import Check, Finding
from ec_erp.documents.errors import DocumentRefused, refuse, text_of
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.problems import N_, Problem, problem


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending a document does or did: whether, which fields from what to what, and why not."""

    doctype: str
    name: str
    done: bool
    changed: str
    message: str = ""


def checks() -> list[Check]:
    """Return the checks of all areas."""
    return [check for path in frappe.get_hooks("ec_erp_quality_checks") or [] for check in frappe.get_attr(path)()]


def catalog_checks() -> list[Check]:
    """Return the checks of the catalog itself."""
    return [
        Check(N_("Duplicate Barcode"), N_("Leave it on the SKU that had it first"), _barcodes),
        Check(N_("Missing Weight"), N_("Take the weight that its product's other SKUs have"), _weights),
        Check(N_("Missing Tax Class"), N_("Take the tax class of the category"), _taxes),
        Check(N_("Broken Combo"), N_("Switch the combo off, or correct its components"), _combos),
        Check(N_("Wrong Shelf Life"), N_("Take the shelf life that its product's other SKUs have"), _shelf_lives),
    ]


def findings(code: str) -> Sequence[Finding]:
    """Return the findings of a check. Raises ``DocumentRefused`` for an unknown one."""
    found = next((check for check in checks() if check.code == code), None)
    if found is None:
        refuse([problem(N_("There is no check {0}"), code)], DocumentRefused)
        return ()
    return found.find()


def count_findings() -> int:
    """Return how many findings all checks have together."""
    return sum(len(check.find()) for check in checks())


def mend(code: str, names: Collection[str], *, only_preview: bool) -> list[Mended]:
    """Mend what a check has found in the named documents (empty: in all that have a proposal), or show what it would do.

    Each document is saved with the user's rights and its own checks; one that refuses is reported and does not stop the rest.
    """
    found = [one for one in findings(code) if one.can_be_mended and (not names or one.name in names)]
    return [_shown(one) if only_preview else _mend(one) for one in found]


def _mend(finding: Finding) -> Mended:
    shown = _shown(finding)
    frappe.db.savepoint("mending")
    try:
        _apply(finding)
    except (frappe.ValidationError, frappe.PermissionError) as error:
        frappe.db.rollback(save_point="mending")
        frappe.clear_messages()
        return Mended(shown.doctype, shown.name, False, shown.changed, str(error) or type(error).__name__)
    return shown


def _apply(finding: Finding) -> None:
    if finding.insert:
        frappe.get_doc({**finding.insert}).insert()
        return
    doc = frappe.get_doc(finding.doctype, finding.name)
    doc.check_permission("write")
    if finding.drop:
        table, row_name = finding.drop
        doc.set(table, [row for row in doc.get(table) if row.name != row_name])
    doc.update(dict(finding.changes))
    doc.save()


def _shown(finding: Finding) -> Mended:
    if finding.drop:
        text = text_of(finding.why)
    else:
        values = finding.insert or finding.changes
        doctype = str(values.get("doctype") or finding.doctype)
        text = ", ".join(_told(doctype, field, value) for field, value in values.items() if field != "doctype")
    return Mended(finding.doctype, finding.name, True, text)


def _told(doctype: str, field: str, value: Any) -> str:
    """Return a field and its new value as people read them: the label, and words for yes and no."""
    known = frappe.get_meta(doctype).get_field(field)
    shown = (
        _as_text(value)
        if not (known and known.fieldtype == "Check")
        else (frappe._("Yes") if value else frappe._("No"))
    )
    return f"{frappe._(known.label) if known and known.label else field} = {shown}"


def _as_text(value: Any) -> str:
    return plain(decimal_of(value)) if isinstance(value, int | float | Decimal) else str(value)


def _barcodes() -> list[Finding]:
    return rules.duplicate_barcodes(store.load_doubled_barcodes())


def _weights() -> list[Finding]:
    rows = store.load_lacking("weight_g")
    return rules.missing([row.name for row in rows], store.load_of_siblings(rows, "weight_g"), "weight_g", _no_weight)


def _no_weight(name: str) -> Problem:
    return problem(N_("Nobody knows what {0} weighs"), name)


def _taxes() -> list[Finding]:
    rows = store.load_lacking("tax_class")
    return rules.missing([row.name for row in rows], store.load_of_categories(rows), "tax_class", _no_class)


def _no_class(name: str) -> Problem:
    return problem(N_("{0} has no tax class"), name)


def _combos() -> list[Finding]:
    return rules.broken_combos(*store.load_all_combos())


def _shelf_lives() -> list[Finding]:
    return rules.wrong_shelf_lives(*store.load_shelf_lives())


def rows_of(code: str) -> list[dict[str, Any]]:
    """Return the findings of a check as rows of the board."""
    return [
        {
            "kind": frappe._(one.doctype),
            "reference_doctype": one.doctype,
            "reference_name": one.name,
            "why": text_of(one.why),
            "proposal": _shown(one).changed if one.can_be_mended else "",
        }
        for one in findings(code)
    ]


def summary() -> list[dict[str, Any]]:
    """Return every check with its number of findings and of proposals."""
    rows = []
    for check in checks():
        found = check.find()
        mendable = sum(one.can_be_mended for one in found)
        advice = frappe._(check.advice)
        rows.append({"check": check.code, "count": len(found), "mendable": mendable, "advice": advice})
    return rows
