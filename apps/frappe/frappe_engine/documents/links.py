"""Links between documents: do their targets exist, what is fetched through them, who points here.

Invariant: all links of a document and its rows are looked up together, one query per DocType pointed at, and none for
targets this process knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from frappe_engine.context.cache import MISSING
from frappe_engine.context.errors import CancelledLinkError, DoesNotExistError, LinkExistsError, LinkValidationError
from frappe_engine.context.hooks import get_hooks
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.documents.metas import get_meta
from frappe_engine.documents.plans import Plan, get_plan
from frappe_engine.documents.validation import where

LOOKED_UP_TOGETHER = 500
LONGEST_CHAIN = 5  # links that are fetched through links
Wanted = Mapping[str, Mapping[str, Iterable[str]]]
Fetches = Iterable[tuple[str, str, bool]]  # own field, field of the document linked to, only when empty


def check_links(doc: Any) -> None:
    """Raise `LinkValidationError` naming every link to what is not there, `CancelledLinkError` for cancelled targets.

    Names are put into the spelling of their documents, and fields that are fetched through links are filled.
    """
    plan, cache = get_plan(doc.doctype), process_cache_of(current())
    entries = [] if _are_known(doc.__dict__, plan, cache) else [(doc, plan)]
    for row in doc.get_all_children() if plan.children else ():
        row_plan = get_plan(row.doctype)
        if not _are_known(row.__dict__, row_plan, cache):
            entries.append((row, row_plan))
    if entries:
        _check_entries(doc, entries)


def _are_known(own: dict[str, Any], plan: Plan, cache: Any) -> bool:
    """Tell whether all links of a row are known to hold as they are spelled; what they fetch is filled in then."""
    fetched, links = _fetched_by(own, plan), plan.links
    fetching: list[tuple[Fetches, Mapping[str, Any]]] = []
    for name in filter(own.get, links):
        if name == "amended_from" or plan.fetches_links:
            return False
        facts = cache.get(f"link|{links[name].options}|{str(own[name]).lower()}")
        if facts is None or facts["name"] != own[name] or facts.get("docstatus") == 2:
            return False
        if name in fetched:
            if not all([source in facts for _own, source, _empty in fetched[name]]):
                return False
            fetching.append((fetched[name], facts))
    if any([own.get(field.fieldname) for field in plan.dynamic_links]):
        return False
    for fields, facts in fetching:
        _fetch(own, fields, facts)
    return True


def _check_entries(doc: Any, entries: list[tuple[Any, Plan]]) -> None:
    broken: list[str] = []
    cancelled: list[str] = []
    for _round in range(LONGEST_CHAIN):
        wanted: dict[str, dict[str, set[str]]] = {}
        for row, plan in entries:
            _collect(row, plan, wanted)
        found = {target: look_up(target, names) for target, names in wanted.items() if names}
        broken, cancelled = [], []
        # What a link has fetched may be a link itself: it is looked up in the next round.
        fetched = [_apply(row, plan, found, wanted, broken, cancelled) for row, plan in entries]
        if not any(fetched):
            break
    if broken:
        throw(_("Could not find {0}").format(", ".join(broken)), LinkValidationError)
    if cancelled and doc.__dict__.get("docstatus") != 2:
        throw(_("Cannot link cancelled document: {0}").format(", ".join(cancelled)), CancelledLinkError)


def _collect(row: Any, plan: Plan, wanted: dict[str, dict[str, set[str]]]) -> None:
    own = row.__dict__
    for name in filter(own.get, plan.links):
        fields = wanted.setdefault(plan.links[name].options, {}).setdefault(_spelled(own[name]), set())
        if name in plan.fetched:
            fields.update([source for _own, source, _empty in plan.fetched[name]])
    for field in plan.dynamic_links:
        value, target = own.get(field.fieldname), own.get(field.options)
        if value and not target:
            label = plan.meta.get_label(field.options)
            throw(_("{0}{1} must be set first").format(where(row), _(label)), title=_("Missing DocType"))
        if value:
            fields = wanted.setdefault(str(target), {}).setdefault(_spelled(value), set())
            fields.update(source for _own, source, _empty in plan.fetched.get(field.fieldname, ()))


def _spelled(value: Any) -> str:
    """Names compare without blanks at their end."""
    return str(value).rstrip(" ")


def look_up(doctype: str, names: Mapping[str, Iterable[str]]) -> dict[str, Mapping[str, Any]]:
    """Give what is known of the documents `names` (each with the fields wanted), by lower-case name; none if absent.

    Raises `LinkValidationError` when there is no such DocType.
    """
    try:
        meta = get_meta(doctype)
    except DoesNotExistError:
        throw(_("Could not find {0}").format(f"DocType: {doctype}"), LinkValidationError)
    if meta.issingle:
        return {doctype.lower(): {"name": doctype}} if any(name == doctype for name in names) else {}
    if meta.is_virtual:
        return {name.lower(): {"name": name} for name in names if _virtual_exists(doctype, name)}
    fields = {source for sources in names.values() for source in sources}
    if fields:
        fields.intersection_update(meta.column_types)
    if doctype == "DocType" and not fields and all(map(_is_compiled, names)):
        return {name.lower(): {"name": name} for name in names}
    return _look_up_rows(meta, names, fields)


def _look_up_rows(meta: Any, names: Iterable[str], fields: set[str]) -> dict[str, Mapping[str, Any]]:
    cache = process_cache_of(current())
    found: dict[str, Mapping[str, Any]] = {}
    unknown: list[str] = []
    for name in names:
        known = cache.get(f"link|{meta.name}|{name.lower()}", MISSING)
        if known is MISSING or not fields <= known.keys():
            unknown.append(name)
        else:
            found[name.lower()] = known
    if unknown:
        found.update(_load(meta, unknown, fields, cache))
    return found


def _is_compiled(doctype: str) -> bool:
    """Tell whether this process has the definition of a DocType, which it forgets when the DocType changes or goes."""
    return process_cache_of(current()).get(f"meta|{doctype}") is not None


def remember_new(doc: Any) -> None:
    """Let links to a document that this transaction has just stored be checked without asking the database."""
    context, own = current(), doc.__dict__
    name = own["name"]
    facts = {"name": name, "docstatus": int(own.get("docstatus") or 0)}
    process_cache_of(context).keep_own_one(f"link|{own['doctype']}|{str(name).lower()}", facts)


def _load(meta: Any, names: list[str], fields: set[str], cache: Any) -> dict[str, Mapping[str, Any]]:
    columns = ["name", *sorted(fields - {"name"})]
    if meta.is_submittable and "docstatus" not in columns:
        columns.append("docstatus")
    quoted = ", ".join(f"`{column}`" for column in columns)
    database = current().db
    found: dict[str, Mapping[str, Any]] = {}
    generation = cache.generation
    for start in range(0, len(names), LOOKED_UP_TOGETHER):
        part = names[start : start + LOOKED_UP_TOGETHER]
        marks = ", ".join("?" * len(part))
        for row in database.rows(f"SELECT {quoted} FROM `tab{meta.name}` WHERE `name` IN ({marks})", part):
            found[str(row[0]).lower()] = dict(zip(columns, row, strict=True))
    if not database.in_transaction() and cache.generation == generation:
        cache.keep({f"link|{meta.name}|{key}": values for key, values in found.items()})
    return found


def _virtual_exists(doctype: str, name: str) -> bool:
    try:
        get_doc(doctype, name)
    except DoesNotExistError:
        return False
    return True


def _targets(own: Mapping[str, Any], plan: Plan) -> Sequence[tuple[Any, Any]]:
    """Give each link field with the DocType that it links to; those that hold nothing are left out where none is fetched."""
    if plan.fetches_links:
        return (*plan.link_targets, *((field, own.get(field.options)) for field in plan.dynamic_links))
    links = plan.links
    found = [(links[name], links[name].options) for name in filter(own.get, links)]
    for field in plan.dynamic_links:
        found.append((field, own.get(field.options)))
    return found


def _fetched_by(own: Mapping[str, Any], plan: Plan) -> Mapping[str, tuple[tuple[str, str, bool], ...]]:
    """Give what a row fetches through its links: a submitted one keeps what may not change after submit."""
    return plan.fetched_when_submitted if own.get("docstatus") == 1 and not own.get("__islocal") else plan.fetched


def _fetch(own: dict[str, Any], fetched: Fetches, values: Mapping[str, Any]) -> None:
    """Take over what fields fetch from the document linked to."""
    for fieldname, source, only_empty in fetched:
        if source in values and not (only_empty and own.get(fieldname) not in (None, "", 0)):
            own[fieldname] = values[source]


def _apply(
    row: Any,
    plan: Plan,
    found: Mapping[str, Mapping[str, Any]],
    wanted: Wanted,
    broken: list[str],
    cancelled: list[str],
) -> bool:
    """Check the links of a row and fetch through them; tell whether a link was fetched that nobody looked up yet."""
    own, fetched = row.__dict__, _fetched_by(row.__dict__, plan)
    for field, target in _targets(own, plan):
        name = field.fieldname
        value = own.get(name)
        if not value or not target:
            continue
        spelled = _spelled(value)
        values = found.get(str(target), {}).get(spelled.lower())
        if values is None:
            if spelled in wanted.get(str(target), ()) and not _may_dangle(row, field):
                broken.append(_broken_link(row, field, value))
            continue
        own[name] = values["name"]
        if name == "amended_from":
            _check_amended(row, values)
        elif values.get("docstatus") == 2 and not field.get("allow_cancelled"):
            cancelled.append(_broken_link(row, field, value))
        if name in fetched:
            _fetch(own, fetched[name], values)
    return plan.fetches_links and _has_new_links(own, plan, wanted)


def _broken_link(row: Any, field: Any, value: Any) -> str:
    return f"{where(row)}{_(field.get('label') or field.fieldname)}: {value}"


def _has_new_links(own: Mapping[str, Any], plan: Plan, wanted: Wanted) -> bool:
    return any(
        own.get(field.fieldname) and _spelled(own[field.fieldname]) not in wanted.get(str(target), ())
        for field, target in _targets(own, plan)
        if target
    )


def _check_amended(row: Any, original: Mapping[str, Any]) -> None:
    if row.is_new() and original.get("docstatus", 2) != 2:
        throw(
            _("{0} can't be amended: it is not cancelled. Cancel it first.").format(original["name"]),
            title=_("Amendment Not Allowed"),
        )


def _may_dangle(row: Any, field: Any) -> bool:
    """A document may point at itself before it is stored."""
    return bool(
        field.options == row.doctype and row.__dict__.get(field.fieldname) == row.__dict__.get("name") and row.is_new()
    )


# who points here


def link_fields_to(doctype: str) -> list[dict[str, Any]]:
    """Give the fields of all DocTypes that link to `doctype`: parent, fieldname, whether the parent is single/a table."""
    cache = process_cache_of(current())
    found: list[dict[str, Any]] = cache.get_or_load(f"linked_from|{doctype}", lambda: _load_link_fields(doctype))
    return found


def _load_link_fields(doctype: str) -> list[dict[str, Any]]:
    rows = current().db.rows(
        "SELECT f.`parent`, f.`fieldname`, d.`issingle`, d.`istable` FROM `tabDocField` f JOIN `tabDocType` d ON d.`name` = f.`parent`"
        " WHERE f.`fieldtype` = 'Link' AND f.`options` = ? AND f.`parenttype` = 'DocType' AND IFNULL(f.`is_virtual`, 0) = 0"
        " AND IFNULL(d.`is_virtual`, 0) = 0"
        " UNION SELECT c.`dt`, c.`fieldname`, d.`issingle`, d.`istable` FROM `tabCustom Field` c JOIN `tabDocType` d ON d.`name` = c.`dt`"
        " WHERE c.`fieldtype` = 'Link' AND c.`options` = ?",
        (doctype, doctype),
    )
    return [{"parent": r[0], "fieldname": r[1], "issingle": bool(r[2]), "istable": bool(r[3])} for r in rows]


def dynamic_link_fields() -> list[dict[str, Any]]:
    """Give the dynamic link fields of all DocTypes: parent, fieldname, and the field that names the DocType."""
    cache = process_cache_of(current())
    found: list[dict[str, Any]] = cache.get_or_load("dynamic_links|", _load_dynamic_links)
    return found


def _load_dynamic_links() -> list[dict[str, Any]]:
    rows = current().db.rows(
        "SELECT f.`parent`, f.`fieldname`, f.`options`, d.`issingle`, d.`istable`, d.`in_create` FROM `tabDocField` f"
        " JOIN `tabDocType` d ON d.`name` = f.`parent` WHERE f.`fieldtype` = 'Dynamic Link' AND f.`parenttype` = 'DocType'"
        " AND IFNULL(d.`is_virtual`, 0) = 0"
        " UNION SELECT c.`dt`, c.`fieldname`, c.`options`, d.`issingle`, d.`istable`, d.`in_create` FROM `tabCustom Field` c"
        " JOIN `tabDocType` d ON d.`name` = c.`dt` WHERE c.`fieldtype` = 'Dynamic Link'"
    )
    return [
        {
            "parent": r[0],
            "fieldname": r[1],
            "options": r[2],
            "issingle": bool(r[3]),
            "istable": bool(r[4]),
            "in_create": bool(r[5]),
        }
        for r in rows
    ]


UNBOUND = frozenset(
    {
        "Communication", "Activity Log", "Comment", "Version", "View Log", "Access Log", "Route History", "ToDo",
        "DocShare", "File", "Tag Link", "Document Follow", "Notification Log", "Email Queue", "Deleted Document",
        "Error Log", "Scheduled Job Log", "Milestone", "Workflow Action", "User Permission", "Communication Link",
        "Integration Request", "Email Unsubscribe", "Document Share Key", "Webhook Request Log", "Repost Item Valuation",
        "Singles", "Data Import Log", "Submission Queue",
    }
)  # fmt: skip


def check_no_links(doc: Any, method: str = "Delete") -> None:
    """Raise `LinkExistsError` when other documents point at this one.

    For a cancel only submitted documents count; rows count as their parents.
    """
    ignored = set(doc.__dict__.get("ignore_linked_doctypes") or ()) | set(get_hooks("ignore_links_on_delete"))
    cancelling = method == "Cancel"
    for link in link_fields_to(doc.doctype):
        if link["parent"] in ignored or (
            link["parent"] == doc.doctype and link["fieldname"] == "amended_from" and cancelling
        ):
            continue
        _check_static(doc, link, cancelling, ignored)
    for link in dynamic_link_fields():
        if link["parent"] not in ignored and link["parent"] not in UNBOUND:
            _check_dynamic(doc, link, cancelling, ignored)


def _check_static(doc: Any, link: Mapping[str, Any], cancelling: bool, ignored: set[str]) -> None:
    database = current().db
    if link["issingle"]:
        if not cancelling and single_points_at(link, doc):
            _refuse(doc, link["parent"], link["parent"])
        return
    if not database.table_exists(link["parent"]):
        return
    _check_rows(doc, link, f"`{link['fieldname']}` = ?", (doc.name,), cancelling, ignored)


def _check_dynamic(doc: Any, link: Mapping[str, Any], cancelling: bool, ignored: set[str]) -> None:
    if link["issingle"]:
        if not cancelling and single_points_at(link, doc):
            _refuse(doc, link["parent"], link["parent"])
        return
    if not current().db.table_exists(link["parent"]):
        return
    condition = f"`{link['options']}` = ? AND `{link['fieldname']}` = ?"
    _check_rows(doc, link, condition, (doc.doctype, doc.name), cancelling, ignored)


def single_points_at(link: Mapping[str, Any], doc: Any) -> bool:
    """Tell whether a Single points at a document by a link or a dynamic link."""
    database = current().db
    if database.get_single_value(link["parent"], link["fieldname"], cache=False) != doc.name:
        return False
    kind = link.get("options")
    return not kind or database.get_single_value(link["parent"], kind, cache=False) == doc.doctype


def _check_rows(
    doc: Any, link: Mapping[str, Any], condition: str, values: tuple[Any, ...], cancelling: bool, ignored: set[str]
) -> None:
    columns = "`name`, `docstatus`, `parent`, `parenttype`" if link["istable"] else "`name`, `docstatus`, NULL, NULL"
    status = " AND `docstatus` = 1" if cancelling else ""
    query = f"SELECT {columns} FROM `tab{link['parent']}` WHERE {condition}{status} LIMIT 2"
    for name, _docstatus, parent, parenttype in current().db.rows(query, values):
        linked_type, linked = (parenttype, parent) if link["istable"] else (link["parent"], name)
        if linked_type in ignored or not linked_type or (linked_type == doc.doctype and linked == doc.name):
            continue
        _refuse(doc, linked_type, linked)


def _refuse(doc: Any, linked_type: str, linked: Any) -> None:
    throw(
        _("Cannot delete or cancel because {0} {1} is linked with {2} {3}").format(
            _(doc.doctype), doc.name, _(linked_type), linked if linked != linked_type else ""
        ),
        LinkExistsError,
    )
