"""Rules of full-text search: words, spelling, what a query asks of SQLite's FTS5, and how results are weighed.

Invariant: pure; no word of a query is ever read as syntax of FTS5.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

MIN_WORD_LENGTH: Final = 4  # shorter words are not corrected: too many others are near
LEAST_LIKENESS: Final = 0.5
EXACT_TITLE, TITLE_HOLDS_QUERY = 5.0, 2.0
RECENT: Final = ((1, 1.8), (7, 1.5), (30, 1.2), (90, 1.1))  # (days, boost)
OLD_LOSES_PER_YEAR, LEAST_RECENCY = 0.1, 0.5
MARK_BEGIN, MARK_END = "\x02", "\x03"
_WORD = re.compile(r"\w[\w\-]*")


def words_of(text: str) -> list[str]:
    """Give the words of a text, each once, in small letters, in their order."""
    return list(dict.fromkeys(word.rstrip("-").lower() for word in _WORD.findall(text or "")))


def trigrams(word: str) -> frozenset[str]:
    """Give the runs of three letters of a word, its beginning and end among them."""
    padded = f"  {word} "
    return frozenset(padded[index : index + 3] for index in range(len(padded) - 2))


def likeness(one: str, other: str) -> float:
    """Give how alike two words are, from 0 to 1: twice the shared trigrams over all."""
    first, second = trigrams(one), trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second))


def best_match(word: str, candidates: Mapping[str, int]) -> str | None:
    """Give the candidate (word: how often it occurs) most like a word, the more frequent among equals; None if none is."""
    scored = [(likeness(word, other), count, other) for other, count in candidates.items()]
    alike = [entry for entry in scored if entry[0] >= LEAST_LIKENESS]
    return max(alike)[2] if alike else None


def match_query(words: Sequence[str], corrections: Mapping[str, str], columns: Iterable[str], *, every: bool) -> str:
    """Give the query for FTS5: words or their beginnings in `columns`, a word or its correction; all words with `every`."""
    groups = []
    for word in words:
        spellings = [word, *([corrections[word]] if word in corrections else [])]
        groups.append("(" + " OR ".join(_prefix(spelling) for spelling in spellings) + ")")
    joined = (" AND " if every else " OR ").join(groups)
    return f"{{{' '.join(columns)}}} : ({joined})"


def _prefix(word: str) -> str:
    escaped = word.replace('"', '""')
    return f'"{escaped}" *'


def base_score(bm25: float) -> float:
    """Give a score from 0 to 1 for what FTS5 says of a match (the lower the better there)."""
    strength = max(0.0, -bm25)
    return strength / (1 + strength)


def title_boost(title: str, query: str, words: Sequence[str]) -> float:
    """Give the factor for a title: it is the query, holds it, or holds a share of its words."""
    given, asked = title.strip().lower(), query.strip().lower()
    if given == asked:
        return EXACT_TITLE
    if asked and asked in given:
        return TITLE_HOLDS_QUERY
    held = sum(1 for word in words if word in given)
    return 1 + held / len(words) if words else 1.0


def recency_boost(modified: datetime | None, now: datetime) -> float:
    """Give the factor for the age of a document; 1 where no moment is known."""
    if modified is None:
        return 1.0
    age_days = (now - modified).total_seconds() / 86400
    for days, boost in RECENT:
        if age_days <= days:
            return boost
    return max(LEAST_RECENCY, 1.0 - OLD_LOSES_PER_YEAR * (age_days - RECENT[-1][0]) / 365)


def marked(text: str) -> str:
    """Give a text that FTS5 marked as HTML: everything escaped, matches within `<mark>`."""
    escaped = html.escape(text or "", quote=False)
    return escaped.replace(MARK_BEGIN, "<mark>").replace(MARK_END, "</mark>")
