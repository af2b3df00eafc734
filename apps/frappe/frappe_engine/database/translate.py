"""SQL in MariaDB's dialect, made fit for SQLite.

Most statements of apps run on SQLite as they are: backticks are understood and MariaDB's functions are registered
(`functions.py`). What SQLite's grammar does not know is rewritten by sqlglot; what can't be is refused by name.

Invariant: pure; a statement that is translated gives the same rows on both databases, or raises.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NEEDS_REWRITE = re.compile(
    r"""\binterval\b | "(?:[^"\\]|\\.)*" | <=> | \bdiv\b | \bon\s+duplicate\s+key\b | \bstraight_join\b
      | \b(?:force|use|ignore)\s+(?:index|key)\b | \binsert\s+ignore\b | \bxor\b | \bgroup_concat\s*\( | \bcast\s*\(
      | \bconvert\s*\( | \btimestampdiff\s*\( | \bextract\s*\( | \bdelete\s+\S+\s+from\b | \bupdate\b.*\bjoin\b
      | \bsql_calc_found_rows\b | \bbinary\b | \bisnull\s*\( | \bdate_add\s*\( | \bdate_sub\s*\( | \badddate\s*\(
      | \bsubdate\s*\( | \bmatch\s*\(.*\bagainst\b | \bcollate\b | ^\s*(?:show|desc|describe|truncate|set|alter)\b
      | \bwith\s+rollup\b | \bposition\s*\( | \brlike\b | \\ | \bcurrent_timestamp\s*\( | \bleft\s*\( | \bright\s*\(
      | \|\| | && | /(?!\*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LOCKING = re.compile(
    r"\s+(?:for\s+update(?:\s+(?:nowait|skip\s+locked|wait\s+\d+))?|lock\s+in\s+share\s+mode)\s*;?\s*$",
    re.IGNORECASE,
)
_DATES_FROM_EXPRESSIONS = re.compile(
    r"\b(?:max|min|ifnull|coalesce|if|iif|case|date|timestamp|date_add|date_sub|adddate|subdate|last_day|now|curdate|greatest"
    r"|least|first_value|last_value|str_to_date|timediff|from_unixtime|ec_add_interval|ec_sub_interval)\b\s*\(?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def to_sqlite(query: str) -> str:
    """Give `query` (MariaDB, `?` placeholders) in SQLite's dialect; raise `UnsupportedSyntax` naming what can't be."""
    without_lock = _LOCKING.sub("", query)
    if not _NEEDS_REWRITE.search(without_lock):
        return without_lock
    return _rewrite(without_lock)


def takes_lock(query: str) -> bool:
    """Tell whether `query` locks the rows it reads."""
    return bool(_LOCKING.search(query))


def _rewrite(query: str) -> str:
    from frappe_engine.database.dialect import rewrite  # sqlglot takes a third of a second to import

    return rewrite(query)


@lru_cache(maxsize=4096)
def may_compute_dates(query: str) -> bool:
    """Tell whether a result column of `query` may be a date that comes from an expression, not from a column."""
    return bool(_DATES_FROM_EXPRESSIONS.search(query))
