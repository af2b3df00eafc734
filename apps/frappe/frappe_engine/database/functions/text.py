"""Texts: MariaDB compares and searches them without regard to case."""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib

from frappe_engine.database.functions.registry import Value, sql_function


@sql_function("concat", -1)
def _concat(*values: Value) -> str:
    return "".join(as_text(value) for value in values)


@sql_function("concat_ws", -1, nulls=True)
def _concat_ws(separator: str | None, *values: Value) -> str | None:
    return None if separator is None else separator.join(as_text(value) for value in values if value is not None)


def as_text(value: Value) -> str:
    """Give a value as MariaDB writes it into a text: whole numbers without a fraction."""
    return str(int(value)) if isinstance(value, float) and value == int(value) and abs(value) < 1e15 else str(value)


@sql_function("locate", 2)
def _locate(needle: Value, text: Value) -> int:
    return str(text).lower().find(str(needle).lower()) + 1


@sql_function("locate", 3)
def _locate_from(needle: Value, text: Value, start: int) -> int:
    return str(text).lower().find(str(needle).lower(), int(start) - 1) + 1


@sql_function("substring_index", 3)
def _substring_index(text: Value, delimiter: str, count: int) -> str:
    parts = str(text).split(delimiter)
    if count == 0:
        return ""
    return delimiter.join(parts[:count]) if count > 0 else delimiter.join(parts[count:])


@sql_function("ec_left", 2)
def _left(text: Value, length: int) -> str:
    return str(text)[: max(int(length), 0)]


@sql_function("ec_right", 2)
def _right(text: Value, length: int) -> str:
    return str(text)[-int(length) :] if int(length) > 0 else ""


@sql_function("lpad", 3)
def _lpad(text: Value, length: int, pad: str) -> str:
    text = str(text)
    return str(text[:length] if len(text) >= length else (pad * length)[: length - len(text)] + text)


@sql_function("rpad", 3)
def _rpad(text: Value, length: int, pad: str) -> str:
    text = str(text)
    return str(text[:length] if len(text) >= length else text + (pad * length)[: length - len(text)])


@sql_function("repeat", 2)
def _repeat(text: Value, count: int) -> str:
    return str(text) * max(int(count), 0)


@sql_function("reverse", 1)
def _reverse(text: Value) -> str:
    return str(text)[::-1]


@sql_function("length", 1)
def _length(text: Value) -> int:
    """Bytes, as MariaDB counts; characters are `char_length`."""
    return len(text) if isinstance(text, bytes) else len(as_text(text).encode())


@sql_function("upper", 1)
def _upper(text: Value) -> str:
    return as_text(text).upper()


@sql_function("lower", 1)
def _lower(text: Value) -> str:
    return as_text(text).lower()


sql_function("ucase", 1)(_upper)
sql_function("lcase", 1)(_lower)


@sql_function("instr", 2)
def _instr(text: Value, needle: Value) -> int:
    return int(_locate(needle, text))


@sql_function("mid", 3)
def _mid(text: Value, start: int, length: int) -> str:
    begin = int(start) - 1 if int(start) > 0 else len(str(text)) + int(start)
    return str(text)[begin : begin + max(int(length), 0)] if int(start) and begin >= 0 else ""


@sql_function("elt", -1, nulls=True)
def _elt(number: Value, *options: Value) -> Value:
    return options[int(number) - 1] if number is not None and 0 < int(number) <= len(options) else None


@sql_function("strcmp", 2)
def _strcmp(one: Value, two: Value) -> int:
    first, second = as_text(one).lower(), as_text(two).lower()
    return (first > second) - (first < second)


@sql_function("space", 1)
def _space(count: int) -> str:
    return " " * max(int(count), 0)


@sql_function("ascii", 1)
def _ascii(text: Value) -> int:
    return as_text(text).encode()[0] if as_text(text) else 0


@sql_function("hex", 1)
def _hex(value: Value) -> str:
    if isinstance(value, int):
        return f"{value:X}"
    return (value if isinstance(value, bytes) else as_text(value).encode()).hex().upper()


@sql_function("unhex", 1)
def _unhex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


@sql_function("crc32", 1)
def _crc32(text: Value) -> int:
    return zlib.crc32(as_text(text).encode())


def _cut(text: str, pad: str, *, left: bool, right: bool) -> str:
    while left and pad and text.startswith(pad):
        text = text[len(pad) :]
    while right and pad and text.endswith(pad):
        text = text[: -len(pad)]
    return text


@sql_function("ec_trim", 2)
def _trim(text: Value, pad: Value) -> str:
    return _cut(as_text(text), as_text(pad), left=True, right=True)


@sql_function("ec_ltrim", 2)
def _ltrim(text: Value, pad: Value) -> str:
    return _cut(as_text(text), as_text(pad), left=True, right=False)


@sql_function("ec_rtrim", 2)
def _rtrim(text: Value, pad: Value) -> str:
    return _cut(as_text(text), as_text(pad), left=False, right=True)


@sql_function("char_length", 1)
def _char_length(text: Value) -> int:
    return len(str(text))


@sql_function("field", -1, nulls=True)
def _field(value: Value, *options: Value) -> int:
    return next((number for number, option in enumerate(options, start=1) if _same(value, option)), 0)


def _same(one: Value, two: Value) -> bool:
    if one is None or two is None:
        return False
    return str(one).lower() == str(two).lower()


@sql_function("find_in_set", 2)
def _find_in_set(value: Value, items: str) -> int:
    return next((n for n, item in enumerate(items.split(","), start=1) if item.lower() == str(value).lower()), 0)


@sql_function("regexp", 2)
def _regexp(pattern: str, text: Value) -> int:
    return 1 if re.search(pattern, str(text), re.IGNORECASE) else 0


@sql_function("regexp_replace", 3)
def _regexp_replace(text: Value, pattern: str, replacement: str) -> str:
    return re.sub(pattern, replacement, str(text))


@sql_function("md5", 1)
def _md5(text: Value) -> str:
    return hashlib.md5(str(text).encode(), usedforsecurity=False).hexdigest()


@sql_function("sha2", 2)
def _sha2(text: Value, bits: int) -> str:
    return hashlib.new(f"sha{bits or 256}", str(text).encode()).hexdigest()


@sql_function("uuid", 0, deterministic=False)
def _uuid() -> str:
    return str(uuid.uuid1())
