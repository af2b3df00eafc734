"""What a cell means: texts and numbers of files as values of fields.

Invariant: a cell is read as one value or refused with a reason; nothing is rounded, cut or guessed per cell: the way
dates are written is settled for a whole column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from frappe_engine.schema.meta import DocField

NUMBERS: Final = frozenset({"Int", "Long Int", "Float", "Currency", "Percent"})
WHOLE: Final = frozenset({"Int", "Long Int"})
YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "是", "对", "√"})
NO: Final = frozenset({"0", "0.0", "no", "n", "false", "否", "错", "×"})
# in the order they are tried; where day and month can't be told apart, the setting of the site stands first
DATE_FORMATS: Final = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y",
    "%m-%d-%Y", "%d-%b-%Y", "%d %b %Y",
)  # fmt: skip
CLOCK_FORMATS: Final = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S.%f")
_CURRENCY_SIGNS: Final = re.compile(r"^[¥￥$€£]\s*|\s*元$")


class BadCell(ValueError):
    """A cell can't be read; `args[0]` says why, with places for `args[1:]`."""


def is_empty(cell: Any) -> bool:
    """Tell whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: Any) -> str:
    """Give a cell as people read it; whole numbers without a point, dates with their year first."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M:%S")
    return str(cell).strip()


def date_format_of(cells: Iterable[Any], preferred: str | None) -> str | None:
    """Give the pattern in which all texts of a column are dates (`preferred` first); None when there is none, or no text."""
    texts = [_plain(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
    if not texts:
        return None
    days = dict.fromkeys([*([preferred] if preferred else []), *DATE_FORMATS])
    patterns = [f"{day}{clock}" for clock in CLOCK_FORMATS for day in days]
    return next((pattern for pattern in patterns if all(_parsed(text, pattern) for text in texts)), None)


def value_of(cell: Any, field: DocField, date_format: str | None, choices: dict[str, str] | None = None) -> Any:
    """Give what a cell that is not empty means for a field. Raises `BadCell`.

    `choices` are the ways to write the options of a Select, in lower case.
    """
    kind = field.fieldtype
    if kind in NUMBERS:
        return _number(cell, whole=kind in WHOLE)
    if kind == "Check":
        return _check(cell)
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(cell, date_format)
    text = as_text(cell)
    if kind == "Select" and choices:
        return _choice(text, choices)
    return text


def _plain(text: str) -> str:
    """Digits and signs of full width are those of other people's keyboards."""
    return unicodedata.normalize("NFKC", text).strip()


def _number(cell: Any, *, whole: bool) -> int | float:
    if isinstance(cell, (bool, date, time, timedelta)):
        raise BadCell("{0} is no number", as_text(cell))
    text = str(cell) if isinstance(cell, (int, float)) else _CURRENCY_SIGNS.sub("", _plain(str(cell)))
    text = text.removesuffix("%").replace(",", "").replace(" ", "")
    try:
        number = float(text)
    except ValueError:
        raise BadCell("{0} is no number", as_text(cell)) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise BadCell("{0} is no number", as_text(cell))
    if not whole:
        return number
    if not number.is_integer():
        raise BadCell("{0} is no whole number", as_text(cell))
    return int(number)


def _check(cell: Any) -> int:
    text = _plain(as_text(cell)).lower()
    if text in YES:
        return 1
    if text in NO:
        return 0
    raise BadCell("{0} is neither yes nor no", as_text(cell))


def _choice(text: str, choices: dict[str, str]) -> str:
    found = choices.get(text.lower())
    if found is None:
        raise BadCell("{0} is none of: {1}", text, ", ".join(_told(choices))[:300])
    return found


def _told(choices: dict[str, str]) -> list[str]:
    """The options as the reader would write them: the first spelling of each, which is in the reader's language."""
    told: dict[str, str] = {}
    for spelling, option in choices.items():
        told.setdefault(option, option if spelling == option.lower() else spelling)
    return list(told.values())


def _date(cell: Any, pattern: str | None) -> str:
    return _moment(cell, pattern).strftime("%Y-%m-%d")


def _datetime(cell: Any, pattern: str | None) -> str:
    return _moment(cell, pattern).strftime("%Y-%m-%d %H:%M:%S.%f")


def _moment(cell: Any, pattern: str | None) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    text = _plain(as_text(cell))
    patterns = [pattern] if pattern else [f"{day}{clock}" for clock in CLOCK_FORMATS for day in DATE_FORMATS[:5]]
    found = next((moment for one in patterns if (moment := _parsed(text, one))), None)
    if found is None:
        raise BadCell("{0} is no date", as_text(cell))
    return found


def _parsed(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)
    except ValueError:
        return None


def _clock(cell: Any, _pattern: str | None) -> str:
    if isinstance(cell, (time, timedelta, datetime)):
        return str(cell.time()) if isinstance(cell, datetime) else str(cell)
    text = _plain(as_text(cell))
    if not any(_parsed(text, pattern) for pattern in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")):
        raise BadCell("{0} is no time of day", as_text(cell))
    return text


_READERS: Final[dict[str, Callable[[Any, str | None], str]]] = {"Date": _date, "Datetime": _datetime, "Time": _clock}
