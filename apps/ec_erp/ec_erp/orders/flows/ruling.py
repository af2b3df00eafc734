"""Rules of orders: from documents to a published version and back, and what a version says.

Invariant: the pipeline follows the published version alone; a version never changes, so what an order's history names
can be looked up for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.documents import sentences
from ec_erp.documents.errors import refuse, text_of
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.errors import RulesRefused
from ec_erp.orders.flows.condition_fields import label_of
from ec_erp.orders.flows.trees import tree_of
from ec_erp.orders.rules import conditions, rulebook, rulebook_text
from ec_erp.orders.rules.conditions import Condition
from ec_erp.orders.rules.rulebook import EMPTY, Action, GiftItem, GiftRule, OrderRule, RuleBook

_MOST_TEXT = 20_000  # of a list of changes
RULE, GIFT, VERSION = "Order Rule", "Gift Rule", "Order Rule Version"


def active_book() -> RuleBook:
    """Return the published rules; none where nothing has been published."""
    return book_of(frappe.get_cached_doc("Order Settings").active_rules)


def book_of(version: str | None) -> RuleBook:
    """Return the rules of a version."""
    if not version:
        return EMPTY
    content = frappe.get_cached_doc(VERSION, version).content
    return _parsed(version, content if isinstance(content, str) else frappe.as_json(content))


@lru_cache(maxsize=32)
def _parsed(version: str, content: str) -> RuleBook:
    return rulebook_text.from_values(frappe.parse_json(content), version)


def draft_book() -> RuleBook:
    """Return the enabled rules as their documents are now."""
    rules = tuple(order_rule(doc) for doc in store.load_rule_documents(RULE))
    return RuleBook("", rules, tuple(gift_rule(doc) for doc in store.load_rule_documents(GIFT)))


def publish(note: str = "") -> str:
    """Make the enabled rules, as they are now, the ones that orders follow; return the version's name.

    Raises ``RulesRefused`` where nothing has changed.
    """
    before, book = active_book(), draft_book()
    changes = rulebook.differences(before, book)
    if not changes:
        refuse([problem(N_("Nothing has changed since {0} was published"), before.version or "–")], RulesRefused)
    version = _insert_version(book, note, changes, None)
    _activate(version)
    return version


def pending_changes() -> list[str]:
    """Return what publishing would change, all rules together, a sentence for each in the user's language."""
    return [sentences.tell_problem(one) for one in rulebook.differences(active_book(), draft_book())]


def roll_back(version: str) -> str:
    """Make the rules of an earlier version the ones that orders follow, and write them back into the documents.

    Returns the name of the new version that says so.
    """
    book = book_of(version)
    changes = rulebook.differences(active_book(), book)
    restored = _insert_version(book, text_of(problem(N_("Back to {0}"), version)), changes, version)
    for doctype, rules in ((RULE, book.rules), (GIFT, book.gifts)):
        _restore(doctype, {rule.name: rule for rule in rules})
    _activate(restored)
    return restored


def _insert_version(book: RuleBook, note: str, changes: Sequence[Problem], restored_from: str | None) -> str:
    told, terms = sentences.write_note(changes, _MOST_TEXT, "\n")
    doc = frappe.get_doc(
        {
            "doctype": VERSION,
            "note": note,
            "published_at": frappe.utils.now_datetime(),
            "published_by": frappe.session.user,
            "restored_from": restored_from,
            "rule_count": len(book.rules) + len(book.gifts),
            "changes": told,
            "changes_terms": terms,
            "content": frappe.as_json(rulebook_text.to_values(book), indent=None),
        }
    )
    return str(doc.insert(ignore_permissions=True).name)


def tell_changes(doc: Any) -> None:
    """Say in the user's language what a version has changed; nothing is saved."""
    doc.changes = sentences.read_note(doc.changes, doc.changes_terms, "\n") or None


def _activate(version: str) -> None:
    settings = frappe.get_doc("Order Settings")
    settings.active_rules = version
    settings.flags.ignore_permissions = True
    settings.save()
    # Whoever reads the settings before the commit puts them into the shared cache.
    frappe.db.after_rollback.add(forget_settings)
    for doctype in (RULE, GIFT):
        store.write_published(doctype)


def forget_settings() -> None:
    """Read the settings of orders from the database again."""
    frappe.clear_document_cache("Order Settings", "Order Settings")


def follow_rule(doc: Any) -> None:
    """Check a rule's document, and say on it whether what it says is published. Raises ``DocumentRefused``."""
    rule = order_rule(doc) if doc.doctype == RULE else gift_rule(doc)
    own = rulebook.rule_problems(rule.stage, rule.actions, ()) if isinstance(rule, OrderRule) else _no_gifts(rule)
    told = [replace(one, field=label_of(one.scope, one.field)) for one in rule.conditions]
    refuse([*own, *rulebook.rule_problems(rulebook.PREPARE, (), told), *_unknown_fields(rule.conditions)])
    book = active_book()
    published = {known.name: known for known in (book.rules if doc.doctype == RULE else book.gifts)}.get(doc.rule_name)
    same = published == rule and bool(doc.enabled)
    doc.publish_state = "Published" if same else ("Changed" if published else "Not Published")


def _no_gifts(rule: GiftRule) -> list[Problem]:
    """Return which gifts can't be given: what has no stock of its own would keep orders from being taken."""
    given = [sku for item in rule.items for sku in (item.sku, item.instead) if sku]
    known = catalog_store.load_skus(given)
    combos = [sku for sku in given if sku.casefold() in known and known[sku.casefold()].is_combo]
    message = N_("{0} is a combo and has no stock of its own: give its components")
    found = [problem(message, sku) for sku in combos]
    alone = [item.sku for item in rule.items if rule.when_short == rulebook.REPLACE and not item.instead]
    return found + [problem(N_("Say what is given in place of {0} where it is out of stock"), sku) for sku in alone]


def _unknown_fields(given: Sequence[Condition]) -> list[Any]:
    message = N_("{0} has no field {1}")
    found = [
        problem(N_("{0} is no field of a tree, such as a category"), label_of(one.scope, one.field))
        for one in given
        if one.operator in conditions.TREE_OPERATORS and not tree_of(one.scope, one.field)
    ]
    for one in given:
        if one.scope == conditions.CALCULATED:
            known: Sequence[str] = conditions.CALCULATED_FIELDS
            where = frappe._("Calculated")
        else:
            doctype = conditions.DOCTYPE_OF_SCOPE[one.scope]
            known, where = ["name", *frappe.get_meta(doctype).get_valid_columns()], frappe._(doctype)
        if one.field not in known:
            found.append(problem(message, where, one.field))
    return found


def order_rule(doc: Any) -> OrderRule:
    """Return a rule's document as a value."""
    return OrderRule(
        name=doc.rule_name,
        stage=doc.stage,
        actions=tuple(Action(row.action, _action_value(row), row.note or "") for row in doc.actions),
        stops=bool(doc.stops),
        **_shared(doc),
    )


def gift_rule(doc: Any) -> GiftRule:
    """Return a gift rule's document as a value."""
    return GiftRule(
        name=doc.rule_name,
        items=tuple(GiftItem(row.sku, _text(row.qty), row.instead or "") for row in doc.items),
        basis=doc.basis,
        threshold=_text(doc.threshold),
        most_times=int(doc.most_times or 0),
        budget=_text(doc.budget_qty),
        keep_available=_text(doc.keep_available),
        tier_group=doc.tier_group or "",
        when_short=doc.when_short or rulebook.DROP,
        **_shared(doc),
    )


def _shared(doc: Any) -> dict[str, Any]:
    return {
        "conditions": tuple(Condition(row.scope, row.field, row.operator, row.value or "") for row in doc.conditions),
        "match_all": doc.match != "Any",
        "priority": int(doc.priority or 0),
        "shop": doc.shop or "",
        "valid_from": moment_of(frappe.utils.get_datetime(doc.valid_from)) if doc.valid_from else None,
        "valid_to": moment_of(frappe.utils.get_datetime(doc.valid_to)) if doc.valid_to else None,
    }


def _action_value(row: Any) -> str:
    return str(row.warehouse or row.carrier or row.reason or row.value or "")


def _text(value: Any) -> str:
    return plain(decimal_of(value))


def _restore(doctype: str, rules: dict[str, Any]) -> None:
    """Write rules of a version back into their documents; those it did not have are switched off."""
    known = store.load_rule_names(doctype)
    for name in (name for name, enabled in known.items() if enabled and name not in rules):
        doc = frappe.get_doc(doctype, name)
        doc.enabled = 0
        doc.save()
    for name, rule in rules.items():
        exists = name in known
        doc = frappe.get_doc(doctype, name) if exists else frappe.get_doc({"doctype": doctype, "rule_name": name})
        doc.update({"enabled": 1, **_fields_of(rule)})
        doc.save() if exists else doc.insert()


def _fields_of(rule: OrderRule | GiftRule) -> dict[str, Any]:
    shared = {
        "priority": rule.priority,
        "shop": rule.shop or None,
        "match": "All" if rule.match_all else "Any",
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "conditions": [
            {"scope": one.scope, "field": one.field, "operator": one.operator, "value": one.value}
            for one in rule.conditions
        ],
    }
    if isinstance(rule, OrderRule):
        actions = [{"action": one.kind, "note": one.note, _value_field(one): one.value} for one in rule.actions]
        return {**shared, "stage": rule.stage, "stops": int(rule.stops), "actions": actions}
    items = [{"sku": item.sku, "qty": float(item.qty), "instead": item.instead or None} for item in rule.items]
    numbers = {"threshold": rule.threshold, "budget_qty": rule.budget, "keep_available": rule.keep_available}
    return {
        **shared,
        "basis": rule.basis,
        "most_times": rule.most_times,
        "tier_group": rule.tier_group or None,
        "when_short": rule.when_short,
        "items": items,
        **{field: float(value) for field, value in numbers.items()},
    }


def _value_field(action: Action) -> str:
    if action.kind in (rulebook.USE_WAREHOUSE, rulebook.EXCLUDE_WAREHOUSE):
        return "warehouse"
    if action.kind in (rulebook.USE_CARRIER, rulebook.EXCLUDE_CARRIER):
        return "carrier"
    return "reason" if action.kind == rulebook.ADD_REASON else "value"
