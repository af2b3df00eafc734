"""Raw SQL from people who may read documents and nothing else: administrators' scripts and query reports.

Invariant: what passes `check_reading` is one SELECT over tables of DocTypes; it writes nothing, locks nothing, and sees
neither passwords, sessions and tokens nor the server it runs on.
"""

from __future__ import annotations

import re
from typing import Any

from frappe_engine.context.errors import PermissionError, ValidationError
from frappe_engine.context.translate import _

SECRET_DOCTYPES = frozenset({"Sessions", "OAuth Bearer Token", "OAuth Authorization Code", "Token Cache"})
SECRET_TABLES = frozenset(f"tab{name}".lower() for name in SECRET_DOCTYPES)
FORBIDDEN_FUNCTIONS = frozenset(
    {
        *(
            "load_file",
            "sleep",
            "benchmark",
            "get_lock",
            "release_lock",
            "release_all_locks",
            "is_free_lock",
            "is_used_lock",
        ),
        *("master_pos_wait", "master_gtid_wait", "sys_exec", "sys_eval", "load_extension", "readfile", "writefile"),
        *("user", "current_user", "session_user", "system_user", "version", "database", "schema", "connection_id"),
        *("setval", "nextval", "lastval", "des_encrypt", "des_decrypt", "current_version", "current_schema"),
        *("current_database", "current_catalog", "session_user", "current_role"),
    }
)
MAX_LENGTH = 50_000
_EXECUTED_COMMENT = re.compile(r"/\*M?!")
_EXPLAIN = re.compile(r"\s*explain\s+", re.IGNORECASE)


def check_reading(query: str) -> None:
    """Raise `PermissionError` (or `ValidationError` for what can't be read) unless a query only reads documents.

    Parameters are `?`.
    """
    import sqlglot  # slow to load, and only where somebody writes SQL
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if len(query) > MAX_LENGTH:
        raise ValidationError(_("The query is too long"))
    if _EXECUTED_COMMENT.search(query):  # MariaDB runs what stands in them
        raise PermissionError(_("Only SELECT queries are allowed"))
    text = _EXPLAIN.sub("", query, count=1)
    try:
        statements = [statement for statement in sqlglot.parse(text, read="mysql") if statement is not None]
    except (SqlglotError, RecursionError) as error:
        raise ValidationError(_("The query can't be read: {0}").format(str(error).split("\n")[0])) from error
    if len(statements) != 1 or not isinstance(statements[0], (exp.Select, exp.SetOperation, exp.Subquery)):
        raise PermissionError(_("Only SELECT queries are allowed"))
    _check(statements[0], exp)


def _check(statement: Any, exp: Any) -> None:
    writing = (exp.Into, exp.Lock, exp.DML, exp.DDL, exp.Command, exp.SessionParameter, exp.Parameter, exp.PropertyEQ)
    named = {cte.alias.lower() for cte in statement.find_all(exp.CTE)}
    for node in statement.walk():
        if isinstance(node, writing) and not isinstance(node, (exp.Select, exp.SetOperation, exp.Subquery)):
            raise PermissionError(_("Only SELECT queries are allowed"))
        if isinstance(node, exp.Table):
            _check_table(node, named)
        elif isinstance(node, exp.Func) and _function_name(node) in FORBIDDEN_FUNCTIONS:
            raise PermissionError(_("The function {0} is not allowed in queries").format(_function_name(node)))


def _function_name(node: Any) -> str:
    name = node.name if type(node).__name__ == "Anonymous" else node.sql_name()
    return str(name).lower()


def _check_table(table: Any, named: set[str]) -> None:
    name = str(table.name).lower()
    if table.args.get("db") or table.args.get("catalog"):
        raise PermissionError(_("Other databases can't be read"))
    if name in named or (not name and table.this is not None):
        return
    if not name.startswith("tab") or name in SECRET_TABLES:
        raise PermissionError(_("The table {0} can't be read").format(table.name))
