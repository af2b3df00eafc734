"""Finds the queries in a Python source: calls that read or write rows of the database through the framework.

Invariant: pure; reads syntax trees, runs nothing.
"""

import ast
from collections.abc import Iterator

LISTS = {"get_all", "get_list", "get_value", "get_cached_value", "get_single_value", "qb"}
# Of `frappe.db`: what steers a transaction, says what an error was, or registers a call is no query.
NO_QUERY = {
    "after_commit",
    "after_rollback",
    "before_commit",
    "commit",
    "db_type",
    "is_deadlocked",
    "is_duplicate_entry",
    "is_primary_key_violation",
    "is_timedout",
    "is_unique_key_violation",
    "release_savepoint",
    "rollback",
    "savepoint",
}


def queries_in(source: str) -> Iterator[str]:
    """Yield the name of every query: `frappe.get_all`, `frappe.db.exists`, `frappe.qb` and the like.

    `frappe.get_doc` and `frappe.get_cached_doc` load one document and are none.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute):
            continue
        owner = ast.unparse(node.value)
        if (owner == "frappe.db" and node.attr not in NO_QUERY) or (owner == "frappe" and node.attr in LISTS):
            yield f"{owner}.{node.attr}"
