"""Changing the type of a column that holds values: what would be lost, and how the rest is written anew.

Kinds are the types of `kit.columns` without their defaults. A value is lost when the new type can't say it: text that
is no number, a fraction in a whole number, a time of day in a date, more letters than fit. Empty values (NULL, '' and,
between numbers and dates, 0) are never lost: they become the empty value of the new type.

Invariant: pure. A change that `lost_values` finds nothing for runs through on both databases, also in strict mode.
"""

from __future__ import annotations

import re
from typing import Final

_VARCHAR = re.compile(r"varchar\((\d+)\)")
_TEXT_SIZE: Final = {"text": 65_535 // 4, "longtext": 2**32 - 1}
_INT_MAX: Final = 2**31 - 1
_BIGINT_MAX: Final = 2**63 - 1
_DECIMAL_MAX: Final = 10**12 - 1
_DATE: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_MIDNIGHT: Final = "00:00(:00([.]0*)?)?"
_PATTERNS: Final = {
    "int": "^-?[0-9]{1,18}([.]0*)?$",
    "decimal": "^-?[0-9]{1,12}([.][0-9]{0,9})?$",
    "rating": "^-?[0-9]([.][0-9]{0,2}0*)?$",
    "date": f"^{_DATE}([ T]{_MIDNIGHT})?$",
    "datetime": f"^{_DATE}([ T]{_CLOCK})?$",
    "time": "^-?[0-9]{1,3}:[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?$",
}
_NUMBERS: Final = ("int", "bigint", "decimal", "rating")
_WITH_DATE: Final = ("date", "datetime")
SIGNIFICANT_DIGITS: Final = 15  # of a floating-point number, as SQLite keeps decimals


def bare(kind: str) -> str:
    """Give the type alone, in one spelling: `int(11) NOT NULL` is `int`, `INTEGER` too."""
    word = kind.strip().lower().split(" ", 1)[0]
    return _SAME.get(word, word)


_SAME: Final = {
    "int(1)": "int",
    "int(8)": "int",
    "int(11)": "int",
    "tinyint(4)": "int",
    "integer": "int",
    "bigint(20)": "bigint",
    "decimal(21,9)": "decimal",
    "real": "decimal",
    "decimal(3,2)": "rating",
    "json": "longtext",
    "datetime(6)": "datetime",
    "time(6)": "time",
}


def text_size(kind: str) -> int | None:
    """Give how many letters a type holds, None when it is no text."""
    match = _VARCHAR.match(kind)
    return int(match.group(1)) if match else _TEXT_SIZE.get(kind)


def fits(old: str, new: str) -> bool:
    """Tell whether every value of the old type is one of the new, so that nothing has to be looked at."""
    old_size, new_size = text_size(old), text_size(new)
    if new_size is not None:
        return old_size <= new_size if old_size is not None else new_size >= 40
    return (old, new) in {("int", "bigint"), ("int", "decimal"), ("rating", "decimal"), ("date", "datetime")}


def lost_values(table: str, column: str, old: str, new: str, database: str) -> list[str]:
    """Give queries for values that would be lost; each gives the value in its first column."""
    if fits(old, new):
        return []
    wheres = _lost(f"`{column}`", old, new, sqlite=database == "sqlite")
    return [f"SELECT `{column}` FROM `{table}` WHERE {where}" for where in wheres]


def _lost(name: str, old: str, new: str, *, sqlite: bool) -> list[str]:
    if text_size(new) is not None:
        return [f"{'length' if sqlite else 'char_length'}({name}) > {text_size(new)}"]
    if text_size(old) is not None:
        return _lost_of_text(name, new, sqlite=sqlite)
    if old in _NUMBERS and new in _NUMBERS:
        return _lost_of_number(name, new, sqlite=sqlite)
    if old == "datetime" and new == "date":
        clock = f"substr({name}, 12)" if sqlite else f"time({name})"
        return [f"{name} IS NOT NULL AND NOT ({clock} REGEXP '^({_MIDNIGHT})?$')"]
    if old in _NUMBERS:
        return [f"{name} IS NOT NULL AND {name} <> 0"]
    return [f"{name} IS NOT NULL"]


def _lost_of_text(name: str, new: str, *, sqlite: bool) -> list[str]:
    kind = "int" if new == "bigint" else new
    filled = f"{name} IS NOT NULL AND trim({name}) <> ''"
    wheres = [f"{filled} AND NOT ({name} REGEXP '{_PATTERNS[kind]}')"]
    if new == "int":
        number = f"CAST({name} AS {'REAL' if sqlite else 'DECIMAL(30,9)'})"
        wheres.append(f"{filled} AND abs({number}) > {_INT_MAX}")
    if new == "decimal" and sqlite:
        digits = f"length(replace(replace({name}, '-', ''), '.', ''))"
        wheres.append(f"{filled} AND {digits} > {SIGNIFICANT_DIGITS}")
    if new in _WITH_DATE:
        day = f"substr({name}, 1, 10)"
        real = (
            f"(date({day}) IS NOT NULL AND date({day}) = {day})"
            if sqlite
            else f"str_to_date({day}, '%Y-%m-%d') IS NOT NULL"
        )
        wheres.append(f"{filled} AND NOT {real}")
    return wheres


def _lost_of_number(name: str, new: str, *, sqlite: bool) -> list[str]:
    if new in ("int", "bigint"):
        whole = f"CAST({name} AS INTEGER)" if sqlite else f"truncate({name}, 0)"
        most = _INT_MAX if new == "int" else _BIGINT_MAX
        return [f"{name} IS NOT NULL AND ({name} <> {whole} OR abs({name}) > {most})"]
    if new == "rating":
        return [f"{name} IS NOT NULL AND ({name} <> round({name}, 2) OR abs({name}) > 9.99)"]
    most = _DECIMAL_MAX if not sqlite else 2**53
    return [f"abs({name}) > {most}"]


# MariaDB changes a column in place


def change_statements(table: str, column: str, old: str, definition: str, default: str) -> list[str]:
    """Give MariaDB's statements that change a column's type; `default` is that of numbers that are never NULL."""
    name, new = f"`{column}`", bare(definition)
    never_null = "not null" in definition.lower()
    blank = (default or "0") if never_null else "NULL"
    modify = f"ALTER TABLE `{table}` MODIFY {name} {definition}"
    if text_size(old) is not None and text_size(new) is None:
        value = f"CASE WHEN {name} IS NULL OR trim({name}) = '' THEN {blank} ELSE {_as_new(name, new)} END"
        return [f"UPDATE `{table}` SET {name} = {value}", modify]
    if text_size(new) is None and (old in _NUMBERS) != (new in _NUMBERS):
        return [
            f"ALTER TABLE `{table}` MODIFY {name} varchar(40)",
            f"UPDATE `{table}` SET {name} = {blank}",
            modify,
        ]
    if never_null:
        return [f"UPDATE `{table}` SET {name} = {blank} WHERE {name} IS NULL", modify]
    if {old, new} <= {"date", "datetime", "time"} and {old, new} != {"date", "datetime"}:
        return [f"UPDATE `{table}` SET {name} = NULL", modify]
    return [modify]


def _as_new(name: str, new: str) -> str:
    if new in ("int", "bigint"):
        return f"CAST(CAST(trim({name}) AS DECIMAL(30,9)) AS SIGNED)"
    if new in ("decimal", "rating"):
        return f"CAST(trim({name}) AS DECIMAL(30,9))"
    if new == "date":
        return f"left(trim({name}), 10)"
    if new == "datetime":
        return f"replace(trim({name}), 'T', ' ')"
    return f"trim({name})"


# SQLite copies the table


def copied_value(column: str, old: str, definition: str, default: str) -> str:
    """Give the expression by which SQLite copies a column into a table where it has a new type."""
    name, new = f"`{column}`", bare(definition)
    if text_size(new) is not None:
        return f"CAST({name} AS TEXT)"
    filled = f"NULLIF(trim({name}), '')" if text_size(old) is not None else name
    if new in _NUMBERS:
        source = filled if text_size(old) is not None or old in _NUMBERS else "NULL"
        number = f"CAST({source} AS {'INTEGER' if new in ('int', 'bigint') else 'REAL'})"
        return f"IFNULL({number}, {default or 0})" if "not null" in definition.lower() else number
    if new == "time":
        return filled if text_size(old) is not None or old == "time" else "NULL"
    if old in _NUMBERS or old == "time":
        return "NULL"
    if new == "date":
        return f"substr({filled}, 1, 10)"
    return _as_moment(f"replace({filled}, 'T', ' ')")


def _as_moment(value: str) -> str:
    return (
        f"CASE length({value}) WHEN 10 THEN {value} || ' 00:00:00.000000' WHEN 16 THEN {value} || ':00.000000'"
        f" WHEN 19 THEN {value} || '.000000' ELSE {value} END"
    )
