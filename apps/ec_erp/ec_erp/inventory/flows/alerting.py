"""Noticing that stock has crossed its bounds, and telling people: in the desk, and by mail where the rule says so.

Invariant: a crossing is told once, however often stock is looked at; many crossings of a rule are one notice per person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification

from ec_erp.documents.sets import insert_many
from ec_erp.inventory.flows.watching import alerts
from ec_erp.inventory.rules.alerting import crossings
from ec_erp.inventory.store import alerts as store
from ec_erp.inventory.store.asked import Asked
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.problems import N_

Row = dict[str, Any]
NAMED = 10  # goods that a notice lists; the rest is a number
_SUBJECTS = {"Below": N_("{0} SKUs are below their lower bound"), "Above": N_("{0} SKUs are above their upper bound")}
_FIGURES = ("available", "per_day", "cover_days")


def notice_crossings(moment: datetime) -> int:
    """Look at all stock that has bounds; return how many crossings are new. Those are told to whom their rules name."""
    store.lock_rules()
    rows = {StockKey(row["sku"], row["warehouse"]): row for row in alerts(Asked(), moment.date())}
    changes = crossings({key: row["state"] for key, row in rows.items()}, store.lock_open_alerts())
    store.write_alerts({name: {"status": "Resolved", "resolved_at": moment} for name in changes.over})
    store.write_alerts({name: _figures(rows[key]) for name, key in changes.again.items()})
    made = [_alert(rows[key], moment) for key in changes.new]
    if made:
        insert_many(made)
        _tell(made)
    return len(made)


def forget_rule(doc: Any) -> None:
    """Keep what a rule that is deleted has noticed."""
    store.forget_rule(doc.name)


def _figures(row: Row) -> Row:
    bounds = {"lower_bound": row["lower"], "upper_bound": row["upper"]}
    return bounds | {field: row[field] or 0.0 for field in _FIGURES}


def _alert(row: Row, moment: datetime) -> Any:
    head = {field: row[field] for field in ("sku", "sku_name", "warehouse", "company", "state", "rule")}
    doc = frappe.get_doc({"doctype": "Stock Alert", "noticed_at": moment, **head, **_figures(row)})
    doc.flags.ignore_permissions = True  # nobody makes alerts but this look at stock
    return doc


def _tell(made: Sequence[Any]) -> None:
    by_rule: dict[tuple[str, str], list[Any]] = {}
    for doc in made:
        by_rule.setdefault((doc.rule, doc.state), []).append(doc)
    told = store.load_told(rule for rule, _ in by_rule)
    people = store.load_people({user for users in told.values() for user in users})
    mailing = store.load_mailing(rule for rule, _ in by_rule)
    for (rule, state), docs in sorted(by_rule.items()):
        for language, users in _by_language(told[rule], people).items():
            subject, content = _subject(state, docs, language), _content(docs, language)
            addresses = [people[user]["email"] or user for user in users]
            _notify(addresses, rule, docs, subject, content)
            if rule in mailing:
                _mail(addresses, rule, subject, content)


def _by_language(users: Sequence[str], people: Mapping[str, Row]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for user in users:
        groups.setdefault(people[user]["language"] or frappe.local.lang, []).append(user)
    return groups


def _notify(addresses: list[str], rule: str, docs: Sequence[Any], subject: str, content: str) -> None:
    """A single crossing leads to its alert, several to their rule."""
    target = ("Stock Alert", docs[0].name) if len(docs) == 1 else ("Stock Alert Rule", rule)
    notice = {"type": "Alert", "subject": subject, "email_content": content}
    enqueue_create_notification(addresses, notice | {"document_type": target[0], "document_name": target[1]})


def _mail(addresses: Sequence[str], rule: str, subject: str, content: str) -> None:
    """Queue a mail; a site without an outgoing account goes on without, and says so in the error log."""
    recipients = [address for address in addresses if "@" in (address or "")]
    if not recipients:
        return
    try:
        frappe.sendmail(recipients=recipients, subject=subject, message=content, reference_doctype="Stock Alert Rule",
                        reference_name=rule)  # fmt: skip
    except frappe.OutgoingEmailError:
        frappe.log_error(title=f"Stock Alert Rule {rule}", message=frappe.get_traceback())


def _subject(state: str, docs: Sequence[Any], language: str) -> str:
    if len(docs) > 1:
        return str(frappe._(_SUBJECTS[state], language)).format(len(docs))
    return _line(docs[0], language)


def _line(doc: Any, language: str) -> str:
    text = N_("{0} {1} in {2}: {3} available, {4} to {5} wanted")
    figures = [plain(decimal_of(doc.get(field))) for field in ("available", "lower_bound", "upper_bound")]
    if not decimal_of(doc.upper_bound):
        text, figures = N_("{0} {1} in {2}: {3} available, at least {4} wanted"), figures[:2]
    return str(frappe._(text, language)).format(doc.sku, doc.sku_name or "", doc.warehouse, *figures)


def _content(docs: Sequence[Any], language: str) -> str:
    lines = [frappe.utils.escape_html(_line(doc, language)) for doc in docs[:NAMED]]
    if len(docs) > NAMED:
        lines.append(str(frappe._(N_("and {0} more"), language)).format(len(docs) - NAMED))
    return "<br>".join(lines)
