"""Checking the links of many documents at once: one query per linked DocType instead of one per link.

Invariant: refuses what the framework's own check refuses (a name that does not exist, a cancelled document) and fills
the same fetched fields, so that a batch behaves as single saves do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.per_meta import PerMeta
from ec_erp.documents.store import load_rows
from ec_erp.kernel.problems import N_, Problem, problem

Fetches: TypeAlias = tuple[tuple[str, Any], ...]


class _Link(NamedTuple):
    part: Any
    field: Any
    target: str
    name: str
    fetches: Fetches


def check_links(docs: Sequence[Any]) -> None:
    """Raise ``frappe.LinkValidationError`` (or ``CancelledLinkError``) for broken links; fill fetched fields.

    A document with ``flags.ignore_links`` may link to what was cancelled.
    """
    links = [link for doc in docs for part in (doc, *doc.get_all_children()) for link in _links_of(part)]
    strict = {id(part) for doc in docs if not doc.flags.ignore_links for part in (doc, *doc.get_all_children())}
    by_target: dict[str, list[_Link]] = {}
    for link in links:
        by_target.setdefault(link.target, []).append(link)
    found = {target: _load(target, group) for target, group in by_target.items()}
    refuse(
        [_unknown(link) for link in links if link.name.casefold() not in found[link.target]], frappe.LinkValidationError
    )
    gone = [link for link in links if id(link.part) in strict and _is_cancelled(link, found)]
    refuse([_cancelled(link) for link in gone], frappe.CancelledLinkError)
    for link in links:
        _adopt(link, found[link.target][link.name.casefold()])


def _links_of(part: Any) -> Iterator[_Link]:
    fields, values = _link_fields.of(part.doctype), vars(part)  # where documents keep their values
    for fieldname in filter(values.get, fields):
        field, fetches = fields[fieldname]
        target = field.options if field.fieldtype == "Link" else part.get(field.options)
        if target and not frappe.get_meta(target).get("is_virtual"):
            yield _Link(part, field, target, str(values[fieldname]), fetches)


def _fields_with_fetches(meta: Any) -> dict[str, tuple[Any, Fetches]]:
    links = [row for row in meta.fields if row.fieldtype in ("Link", "Dynamic Link") and not row.get("is_virtual")]
    return {link.fieldname: (link, tuple(_fetches(meta, f"{link.fieldname}."))) for link in links}


def _fetches(meta: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for field in meta.fields:
        if (field.fetch_from or "").startswith(prefix):
            yield field.fetch_from[len(prefix) :], field


_link_fields = PerMeta(_fields_with_fetches)


def _load(target: str, links: Sequence[_Link]) -> dict[str, dict[str, Any]]:
    fetched = {source for link in links for source, _ in link.fetches}
    rows = load_rows(target, {link.name for link in links}, ["name", "docstatus", *sorted(fetched - {"name"})])
    return {str(row["name"]).casefold(): row for row in rows}


def _adopt(link: _Link, row: dict[str, Any]) -> None:
    if link.part.get(link.field.fieldname) != row["name"]:
        link.part.set(link.field.fieldname, row["name"])
    for source, field in link.fetches:
        if not (field.fetch_if_empty and link.part.get(field.fieldname)):
            link.part.set(field.fieldname, row.get(source))


def _is_cancelled(link: _Link, found: dict[str, dict[str, dict[str, Any]]]) -> bool:
    if link.field.fieldname == "amended_from":
        return False
    return bool(found[link.target][link.name.casefold()]["docstatus"] == 2)


def _unknown(link: _Link) -> Problem:
    return _about(link, N_("{0} {1} does not exist"), N_("Row {0}: {1} {2} does not exist"))


def _cancelled(link: _Link) -> Problem:
    return _about(link, N_("{0} {1} is cancelled"), N_("Row {0}: {1} {2} is cancelled"))


def _about(link: _Link, message: str, message_in_row: str) -> Problem:
    label = frappe._(link.field.label or link.field.fieldname)
    if link.part.get("parentfield"):
        return problem(message_in_row, link.part.idx, label, link.name)
    return problem(message, label, link.name)
