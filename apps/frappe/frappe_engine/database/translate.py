"""SQL in MariaDB's dialect, made fit for SQLite.

Most statements of apps run on SQLite as they are: backticks are understood and MariaDB's functions are registered
(`functions.py`). What SQLite's grammar does not know is rewritten by sqlglot; what can't be is refused by name.

Invariant: pure; a statement that is translated gives the same rows on both databases, or raises.
"""

from __future__ import annotations

import re
from functools import lru_cache

from frappe_engine.database.collation import without_case

_NEEDS_REWRITE = re.compile(
    r"""\binterval\b | <=> | \bdiv\b | \bmod\b | \bon\s+duplicate\s+key\b | \bstraight_join\b | \bunion\b | ^\s*\(
      | \b(?:force|use|ignore)\s+(?:index|key)\b | \binsert\s+ignore\b | \bxor\b | \bgroup_concat\s*\( | \bcast\s*\(
      | \bconvert\s*\( | \btimestamp(?:diff|add)\s*\( | \bextract\s*\( | \bdelete\s+\S+\s+from\b
      | ^\s*(?:update|delete)\b.*\b(?:join|limit)\b | ^\s*update\s+[^,]*?,.*?\bset\b | \bupdate\b.*\.[`\w]+\s*=
      | \bsql_\w+\b | \bbinary\b | \bisnull\s*\( | \b(?:date_|add|sub)\w+\s*\( | \bmatch\s*\(.*\bagainst\b | \bcollate\b
      | ^\s*(?:show|desc|describe|truncate|set|alter|drop\s+index|explain|analyze|optimize|lock|unlock|call|load|replace|insert)\b
      | \A(?!.*\bgroup\s+by\b).*\bhaving\b | \bwith\s+rollup\b | \bposition\s*\( | \brlike\b | \bcurrent_\w+ | \b(?:left|right|char)\s*\(
      | \b(?:trim|substring|substr)\s*\([^()]*\b(?:from|both|leading|trailing|for)\b | ''\s+'' | \b(?:date|time|timestamp)\s+''
      | \blocaltime(?:stamp)?\b | \bn'' | @ | \|\| | && | / | % | \^""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COUNTS = {"row_count": "changes()", "last_insert_id": "last_insert_rowid()"}
_COUNTED = re.compile(r"\b(row_count|last_insert_id)\s*\(\s*\)", re.IGNORECASE)
_TEXT = re.compile(r"'(?:[^'\\]|\\.|'')*'|`[^`]*`", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|--[ \t][^\n]*|#[^\n]*", re.DOTALL)
_LOCKING = re.compile(
    r"\s+(?:for\s+update(?:\s+(?:nowait|skip\s+locked|wait\s+\d+))?|lock\s+in\s+share\s+mode)\s*;?\s*$",
    re.IGNORECASE,
)
_COMPUTES = re.compile(
    r"\b(?:max|min|ifnull|coalesce|if|iif|case|date|time|timestamp|\w+date|\w+time|date_add|date_sub|timestampadd|last_day|now"
    r"|greatest|least|nullif|first_value|last_value|nth_value|lag|lead|from_days|str_to_date|timediff|current_\w+|utc_\w+"
    r"|sum|avg|std|stddev|variance|any_value|interval)\b|/",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def to_sqlite(query: str) -> str:
    """Give `query` (MariaDB, `?` placeholders) in SQLite's dialect; raise `UnsupportedSyntax` naming what can't be."""
    without_lock = _LOCKING.sub("", query)
    written = _rewrite(without_lock) if needs_rewrite(without_lock) else without_lock
    return without_case(_COUNTED.sub(lambda match: _COUNTS[match[1].lower()], written))


def needs_rewrite(query: str) -> bool:
    """Tell whether `query` may say something SQLite's grammar does not know, or knows otherwise."""
    bare = _TEXT.sub(_shortened, query)
    if '"' in bare or "\\" in bare or "#" in bare:
        return True
    return bool(_NEEDS_REWRITE.search(_COMMENT.sub(" ", bare)))


def _shortened(match: re.Match[str]) -> str:
    """A text without its content (a backslash stays visible), a quoted name as a word."""
    token = match.group()
    if token[0] == "`":
        return "`x`"
    return "\\" if "\\" in token else "''"


def takes_lock(query: str) -> bool:
    """Tell whether `query` locks the rows it reads."""
    return bool(_LOCKING.search(query))


def _rewrite(query: str) -> str:
    from frappe_engine.database.dialect import rewrite  # sqlglot takes a third of a second to import

    return rewrite(query)


@lru_cache(maxsize=4096)
def may_compute(query: str) -> bool:
    """Tell whether a result column of `query` may be a date, a time or a decimal that was computed (see `kinds.py`)."""
    return bool(_COMPUTES.search(query))
