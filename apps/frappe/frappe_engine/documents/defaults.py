"""Defaults: values new documents begin with, and the defaults kept for the site and for users.

Invariant: a value the caller gave is never replaced by a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from frappe_engine.access.roles import get_user_permissions
from frappe_engine.context.clock import now_datetime
from frappe_engine.context.local import current, providers
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.base import session_user
from frappe_engine.documents.naming import hash_name
from frappe_engine.documents.plans import NUMBER_CASTS, Plan, get_plan
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.text import scrub

SITE = "__default"
GLOBAL = "__global"
OF_USER = frozenset({"user", "owner"})  # fields that name the user by themselves


def new_values(doctype: str, parent_doc: Any = None) -> dict[str, Any]:
    """Give the values a new document of `doctype` begins with (rows get theirs when they are added)."""
    plan = get_plan(doctype)
    values: dict[str, Any] = {}
    _put_defaults(values, plan, parent_doc, _UsersOwn(session_user()))
    return values


def set_defaults(document: Any) -> None:
    """Give a document and its rows the defaults of the fields that have no value."""
    user, plan = _UsersOwn(session_user()), get_plan(document.doctype)
    _put_defaults(document.__dict__, plan, None, user)
    if plan.children:
        for row in document.get_all_children():
            _put_defaults(row.__dict__, get_plan(row.doctype), document, user)


def set_defaults_of_new_rows(document: Any) -> None:
    """Give rows that were added to a stored document the defaults of their fields that have no value."""
    if not get_plan(document.doctype).children:
        return
    new = [row for row in document.get_all_children() if row.__dict__.get("__islocal") or not row.__dict__.get("name")]
    if new:
        user = _UsersOwn(session_user())
        for row in new:
            _put_defaults(row.__dict__, get_plan(row.doctype), document, user)


@dataclass(slots=True)
class _Rule:
    """How a field comes by its default: from its user, as a constant, made anew each time, or from another document."""

    field: Any
    fieldname: str
    of_user: bool
    constant: Any
    anew: Callable[[], Any] | None
    source: str  # the DocType of `:DocType`


@dataclass(slots=True)
class _Rules:
    """The rules of a DocType by what they take: a look at the constants does for nearly every new document."""

    constants: Mapping[str, Any]
    changing: list[tuple[str, Callable[[], Any]]]
    of_user: list[_Rule]
    names_of_user: frozenset[str]
    late: list[_Rule]
    looked_through: tuple[Any, Set[str]] = (
        None,
        frozenset(),
    )  # defaults of the site, and the links that have one there

    def kept_for(self, site: Mapping[str, Any], own: Mapping[str, Any]) -> Set[str]:
        """Give the links that have a default kept for the site, or among a user's own."""
        known, found = self.looked_through
        if known is not site:
            found = self.names_of_user & (site.keys() | OF_USER)
            self.looked_through = (site, found)
        return found | (own.keys() & self.names_of_user) if own else found


def _rules(plan: Plan) -> _Rules:
    if plan.default_rules is None:
        rules = [_rule(field) for field in plan.defaults]
        early = [rule for rule in rules if not rule.source]
        of_user = [rule for rule in early if rule.of_user]
        plan.default_rules = _Rules(
            constants={rule.fieldname: rule.constant for rule in early if rule.constant is not None},
            changing=[(rule.fieldname, rule.anew) for rule in early if rule.anew is not None],
            of_user=of_user,
            names_of_user=frozenset(rule.fieldname for rule in of_user),
            late=[rule for rule in rules if rule.source],
        )
    return plan.default_rules  # type: ignore[no-any-return]


def _rule(field: Any) -> _Rule:
    text = str(field.get("default") or "")
    changes = text.lower() in ("today", "now", "__user", "user") or (not text and field.fieldtype == "Time")
    return _Rule(
        field=field,
        fieldname=field.fieldname,
        of_user=field.fieldtype == "Link" and field.options != "User",
        constant=None if changes else static_default(field),
        anew=_maker(field, text.lower()) if changes else None,
        source=text[1:] if text.startswith(":") else "",
    )


def _maker(field: Any, word: str) -> Callable[[], Any]:
    return _today if word == "today" and field.fieldtype == "Date" else lambda: static_default(field)


def _today() -> str:
    return now_datetime().date().isoformat()


def _put_defaults(own: dict[str, Any], plan: Plan, parent: Any, user: _UsersOwn) -> None:
    rules = _rules(plan)
    late = [rule for rule in rules.late if own.get(rule.fieldname) is None] if rules.late else ()
    if user.permissions:
        for rule in rules.of_user:
            if own.get(rule.fieldname) is None:
                _put(own, rule.fieldname, user.default(rule, plan.meta.name))
    else:
        for name in rules.kept_for(user.site, user.own) if rules.names_of_user else ():
            if own.get(name) is None:
                _put(own, name, user.kept(name))
    for name, constant in rules.constants.items():
        if own.get(name) is None:
            own[name] = constant
    for name, anew in rules.changing:
        if own.get(name) is None:
            _put(own, name, anew())
    for rule in late:
        own[rule.fieldname] = _from_other(rule.field, rule.source, own, parent)


def _put(own: dict[str, Any], fieldname: str, value: Any) -> None:
    if value is not None:
        own[fieldname] = value


def _unsaid_default(field: Any) -> Any:
    """Give what a field holds without any word on it: the time, or the first of its options."""
    if field.fieldtype == "Time":
        return now_datetime().time().isoformat()
    if field.fieldtype == "Select" and field.options and field.options not in ("[Select]", "Loading..."):
        return str(field.options).split("\n", 1)[0]
    return None


def _present(fieldtype: str, text: str) -> Any:
    """Give the present day or moment in the form of a field; the text itself where that has no meaning."""
    moment = now_datetime()
    if fieldtype == "Date":
        return moment.date().isoformat()
    if fieldtype == "Datetime":
        return moment
    return moment.strftime("%H:%M:%S") if fieldtype == "Time" and text.lower() == "now" else text


def static_default(field: Any) -> Any:
    """Give the default that a field's definition names; None when there is none."""
    text = field.get("default")
    if text in (None, ""):
        return _unsaid_default(field)
    if not isinstance(text, str):
        return text
    if text in ("__user", "user", "User") and field.fieldtype in ("Link", "Data", "Read Only"):
        return session_user()
    if text.lower() in ("today", "now"):
        return _present(field.fieldtype, text)
    if text.startswith(":"):
        return None
    cast = NUMBER_CASTS.get(field.fieldtype)
    try:
        return cast(text) if cast else text
    except ValueError:
        return None


class _UsersOwn:
    """The defaults of links that hold for a user, asked for once for all fields of a document and its rows."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.permissions = get_user_permissions(user)
        cache = process_cache_of(current())
        self.site = _kept_for(SITE, cache)
        self.own = _kept_for(user, cache) if user != "Guest" else {}

    def kept(self, name: str) -> Any:
        """Give what is kept under a name for the user, else for the site."""
        if name in OF_USER:
            return self.user
        return self.own[name] if name in self.own else self.site.get(name)

    def default(self, rule: _Rule, doctype: str) -> Any:
        """Give the default of a link field: the one that the user may use, else the one kept for the user or the site."""
        field = rule.field
        if self.permissions and not field.get("ignore_user_permissions"):
            entries = [e for e in self.permissions.get(field.options, ()) if e.applicable_for in (None, doctype)]
            chosen = next((entry.doc for entry in entries if entry.is_default), None)
            if chosen is None and len(entries) == 1:
                chosen = entries[0].doc
            if chosen is not None:
                return chosen
            if entries:
                return None
        return self.kept(rule.fieldname)


def _from_other(field: Any, doctype: str, values: Mapping[str, Any], parent: Any) -> Any:
    """`:Company` takes the value of the same field of the company named in this document (or its parent)."""
    key = scrub(doctype)
    name = values.get(key) or (parent.get(key) if parent is not None else None) or get_user_default(key)
    if not name:
        return None
    return current().db.get_value(doctype, name, field.fieldname)


# defaults of the site and of users


def get_defaults_for(parent: str = SITE) -> dict[str, Any]:
    """Give the defaults kept for a parent (the site, a user, a role): one value, or a list when there are several."""
    return _kept_for(parent, process_cache_of(current()))


def _kept_for(parent: str, cache: Any) -> dict[str, Any]:
    key = f"defaults|{parent}"
    known: dict[str, Any] | None = cache.get(key)
    return cache.get_or_load(key, lambda: _load_defaults(parent)) if known is None else known


def _load_defaults(parent: str) -> dict[str, Any]:
    rows = current().db.rows(
        "SELECT `defkey`, `defvalue` FROM `tabDefaultValue` WHERE `parent` = ? ORDER BY `creation`, `idx`", (parent,)
    )
    found: dict[str, Any] = {}
    for key, value in rows:
        if key not in found:
            found[key] = value
        elif isinstance(found[key], list):
            found[key].append(value)
        elif found[key] != value:
            found[key] = [found[key], value]
    return found


def get_defaults_of(user: str | None = None) -> Any:
    """Give the defaults that hold for a user: the site's, then the user's own."""
    who = user or session_user()
    found = _dict(get_defaults_for(SITE))
    if who != "Guest":
        found.update(get_defaults_for(who))
    found["user"], found["owner"] = who, who
    return found


def get_user_default(key: str, user: str | None = None) -> Any:
    """Give the default `key` that holds for a user; the first when there are several.

    A key that is a DocType's name asks for one of its documents: user permissions must let the user have it, and
    where nothing else was kept it is the one they mark as default.
    """
    defaults = get_defaults_of(user)
    value = defaults.get(key)
    if value is None and key != scrub(key):
        value = defaults.get(scrub(key))
    value = value[0] if isinstance(value, list) and value else value
    permitted = get_user_permissions(user).get(key) if key != scrub(key) else None
    if not permitted:
        return value
    if value is None:
        return next((entry.doc for entry in permitted if entry.is_default), None)
    return value if any(entry.doc == value for entry in permitted) else None


def get_user_default_as_list(key: str, user: str | None = None) -> list[Any]:
    """Give the default `key` of a user as a list."""
    value = get_defaults_of(user).get(key) or get_defaults_of(user).get(scrub(key))
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list) else [value]


def set_default(key: str, value: Any, parent: str = SITE, parenttype: str | None = None) -> None:
    """Keep one default, replacing those of that key."""
    database = current().db
    database.write("DELETE FROM `tabDefaultValue` WHERE `defkey` = ? AND `parent` = ?", (key, parent))
    if value is not None:
        add_default(key, value, parent, parenttype)
    else:
        forget_defaults(parent)


def add_default(key: str, value: Any, parent: str = SITE, parenttype: str | None = None) -> None:
    """Keep a default beside those of that key."""
    moment, user = now_datetime(), session_user()
    current().db.write(
        "INSERT INTO `tabDefaultValue` (`name`, `creation`, `modified`, `owner`, `modified_by`, `parent`, `parenttype`, `parentfield`,"
        " `defkey`, `defvalue`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            hash_name(),
            moment,
            moment,
            user,
            user,
            parent,
            parenttype or SITE,
            "system_defaults",
            key,
            None if value is None else str(value),
        ),
    )
    forget_defaults(parent)


def clear_default(
    key: str | None = None,
    value: Any = None,
    parent: str | None = None,
    name: str | None = None,
    parenttype: str | None = None,
) -> None:
    """Forget the defaults that fit all that is given."""
    given = {"defkey": key, "defvalue": value, "parent": parent, "name": name, "parenttype": parenttype}
    conditions = {column: item for column, item in given.items() if item is not None}
    if not conditions:
        raise ValueError("name the defaults to clear")
    where = " AND ".join(f"`{column}` = ?" for column in conditions)
    current().db.write(f"DELETE FROM `tabDefaultValue` WHERE {where}", tuple(conditions.values()))
    if parent:
        forget_defaults(parent)
    else:
        process_cache_of(current()).forget_kind("defaults")


def forget_defaults(parent: str) -> None:
    """Read the defaults of a parent again at next use, in every process."""
    process_cache_of(current()).forget(f"defaults|{parent}")
    if parent == SITE:
        current().system_settings = None


def _get_default(key: str, parent: str = SITE) -> Any:
    found = get_defaults_for(parent)
    value = found.get(key)
    return value if value is not None else found.get(scrub(key))


def _get_defaults(key: str | None = None, parent: str = SITE) -> Any:
    if key:
        return _get_default(key, parent)
    return _dict(get_defaults_for(parent))


providers.register("get_default", _get_default)
providers.register("set_default", set_default)
providers.register("get_defaults", _get_defaults)
providers.register("default_value", _get_default)
