"""What Python expressions may do while they run: which attributes they read, how far they count, how large things grow.

Invariant: nothing reachable from a guard gives an expression a way to code, modules, frames, or to write; every
operation that could take time or memory out of proportion to the expression's length is measured first.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import Any, Final

from frappe_engine.expressions.errors import ExpressionTooExpensive, ForbiddenExpression

MAX_STEPS: Final = 500_000
MAX_ITEMS: Final = 100_000  # of a list that the expression makes
MAX_MEASURED: Final = 1_000_000  # of a value that is compared, hashed, written or given to a function
MAX_TEXT: Final = 1_000_000
MAX_BITS: Final = 20_000
MAX_WIDTH: Final = 1_000
_LETTERS_PER_STEP: Final = 50  # making texts and lists costs steps too, so that many of them can't fill the memory
_ITEMS_PER_STEP: Final = 5

# Names that lead from harmless values to code and frames; refused on every object.
UNSAFE_ATTRIBUTES: Final = frozenset(
    {
        *("ag_await", "ag_code", "ag_frame", "ag_running", "co_code", "cr_await", "cr_code", "cr_frame", "cr_origin"),
        *("f_back", "f_builtins", "f_code", "f_globals", "f_lasti", "f_lineno", "f_locals", "f_trace"),
        *("func_closure", "func_code", "func_defaults", "func_globals", "gi_code", "gi_frame", "gi_yieldfrom"),
        *("tb_frame", "tb_lasti", "tb_lineno", "tb_next", "mro", "format", "format_map"),
    }
)
# What may be called on documents and other objects that the caller lends: all of it only reads.
READING_METHODS: Final = frozenset(
    {
        *(
            "get",
            "get_all_children",
            "get_db_value",
            "get_doc_before_save",
            "get_formatted",
            "get_label_from_fieldname",
        ),
        *("get_parentfield_of_doctype", "get_title", "get_url", "get_valid_dict", "get_value", "as_dict", "as_json"),
        *("has_field", "has_value_changed", "is_new", "precision", "get_field", "get_label", "is_child_table_same"),
    }
)
_SCALARS: Final = (int, float, str, bool, type(None), date, datetime, time, timedelta, Decimal)
_SCALAR_SET: Final = frozenset(_SCALARS)
_OPAQUE: Final = (
    *(ModuleType, FunctionType, BuiltinFunctionType, MethodType, GeneratorType, CoroutineType, AsyncGeneratorType),
    *(FrameType, CodeType, TracebackType, property, classmethod, staticmethod),
)
_TEXT_METHODS: Final = frozenset(
    {
        *("capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha", "isascii", "isdecimal"),
        *("isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper", "lower"),
        *("lstrip", "partition", "removeprefix", "removesuffix", "rfind", "rindex", "rpartition", "rsplit", "rstrip"),
        *("split", "splitlines", "startswith", "strip", "swapcase", "title", "upper"),
    }
)
_SEQUENCE_METHODS: Final = frozenset({"index", "count"})
_MAPPING_METHODS: Final = frozenset({"get", "keys", "values", "items"})
_SET_METHODS: Final = frozenset(
    {"union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint"}
)
_DECIMAL_METHODS: Final = frozenset(
    {"quantize", "normalize", "is_zero", "is_nan", "is_finite", "is_signed", "copy_abs", "to_integral_value", "compare"}
)
_NUMBER_METHODS: Final = frozenset({"is_integer", "real", "imag", "numerator", "denominator", "bit_length"})
_TIME_METHODS: Final = frozenset(
    {
        *("year", "month", "day", "hour", "minute", "second", "microsecond", "days", "seconds", "microseconds", "date"),
        *("time", "weekday", "isoweekday", "isocalendar", "isoformat", "toordinal", "timestamp", "total_seconds"),
        *("replace", "timetuple", "tzinfo", "utcoffset"),
    }
)
_TIME_CONSTRUCTORS: Final = frozenset({"today", "now", "fromisoformat", "strptime", "combine", "min", "max"})
_PERCENT_WIDTH: Final = re.compile(r"[-+ #0]*(?:\d{4,}|\d*\*|\d*\.(?:\d{4,}|\*))")
_LONG_NUMBER: Final = re.compile(r"\d{4,}")


def _has_wide_field(pattern: str) -> bool:
    """Tell whether a text for % has a field whose width or precision is large or comes from outside.

    The name of a value, as in ``%(name)5d``, may hold anything, brackets too as long as they match.
    """
    place = pattern.find("%")
    while place >= 0:
        place += 1
        if pattern[place : place + 1] == "(":
            place = _after_brackets(pattern, place)
        if _PERCENT_WIDTH.match(pattern, place):
            return True
        place = pattern.find("%", place + (pattern[place : place + 1] == "%"))
    return False


def _after_brackets(text: str, place: int) -> int:
    """Give the place after the bracket that closes the one at `place`; the text's end where none does."""
    depth = 0
    for at in range(place, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return at + 1
    return len(text)


class Guards:
    """The guards of one evaluation; they share one budget of steps."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._steps_left = MAX_STEPS

    # --- refusals --------------------------------------------------------------------------------------------------

    def forbid(self, reason: str) -> ForbiddenExpression:
        """Give the error for what expressions may not do."""
        return ForbiddenExpression(self._expression, reason)

    def too_much(self, reason: str) -> ExpressionTooExpensive:
        """Give the error for what would take too long or grow too large."""
        return ExpressionTooExpensive(self._expression, reason)

    def step(self, count: int = 1) -> bool:
        """Use up steps of the budget; True, so that it can stand in a condition."""
        self._steps_left -= count
        if self._steps_left < 0:
            raise self.too_much(f"more than {MAX_STEPS} steps")
        return True

    def iterate(self, items: Iterable[Any]) -> Iterator[Any]:
        """Go through items, each of them a step."""
        if isinstance(items, (str, bytes, list, tuple, set, frozenset, Mapping)):
            self.step(len(items))
            yield from items
            return
        for item in items:
            self.step()
            yield item

    # --- attributes and items --------------------------------------------------------------------------------------

    def attribute(self, owner: Any, name: str) -> Any:
        """Read an attribute that is on the list for the owner's type. Raises `ForbiddenExpression`."""
        if name.startswith("_") or name in UNSAFE_ATTRIBUTES:
            raise self.forbid(f"{name} is an unsafe attribute")
        if isinstance(owner, Mapping):
            return self._entry(owner, name)
        if isinstance(owner, str):
            return self._text_method(owner, name)
        if isinstance(owner, type):
            if issubclass(owner, (date, time)) and name in _TIME_CONSTRUCTORS:
                return getattr(owner, name)
            raise self.forbid(f"{name} of a type")
        for types, names in _ATTRIBUTES:
            if isinstance(owner, types):
                return self._listed(owner, name, names)
        if isinstance(owner, _OPAQUE):
            raise self.forbid(f"{name} of a {type(owner).__name__}")
        return self._field(owner, name)

    def _listed(self, owner: Any, name: str, names: frozenset[str]) -> Any:
        if name == "strftime":
            return lambda pattern: self._strftime(owner, pattern)
        if name not in names:
            raise self.forbid(f"{name} of a {type(owner).__name__}")
        return getattr(owner, name)

    def _entry(self, owner: Mapping[str, Any], name: str) -> Any:
        """A namespace's or record's entry; a method of mappings where there is none."""
        if name in owner:
            value = owner[name]
            if isinstance(value, ModuleType):
                raise self.forbid(f"{name} is a module")
            return value
        if name in _MAPPING_METHODS:
            return getattr(owner, name)
        if type(owner) is dict or name in dir(dict):
            raise self.forbid(f"{name} of a dict")
        return getattr(owner, name)

    def _field(self, owner: Any, name: str) -> Any:
        """A field of a lent object; a method only when it is known to read."""
        value = getattr(owner, name)
        if isinstance(value, (ModuleType, type)) or (callable(value) and name not in READING_METHODS):
            raise self.forbid(f"{name} of a {type(owner).__name__}")
        return value

    def item(self, owner: Any, key: Any) -> Any:
        """Read an item of a mapping, list, tuple or text, or a part of one."""
        if isinstance(key, slice) and isinstance(owner, (str, bytes, list, tuple)):
            self.step(len(owner) // _LETTERS_PER_STEP)
            return owner[key]
        if not isinstance(owner, (Mapping, list, tuple, str, bytes)) and not hasattr(type(owner), "__getitem__"):
            raise TypeError(f"{type(owner).__name__!r} object is not subscriptable")
        if isinstance(owner, type):
            raise self.forbid("items of a type")
        return owner[self.operand(key)]

    # --- texts -----------------------------------------------------------------------------------------------------

    def _text_method(self, text: str, name: str) -> Callable[..., Any]:
        self.step(len(text) // _LETTERS_PER_STEP)
        if name in _TEXT_METHODS:
            found: Callable[..., Any] = getattr(text, name)
            return found
        guarded = _GUARDED_TEXT_METHODS.get(name)
        if guarded is None:
            raise self.forbid(f"{name} of a text")
        return lambda *given: guarded(self, text, *given)

    def join(self, text: str, items: Iterable[Any]) -> str:
        """Join texts, as far as the result stays small."""
        parts = list(self.iterate(items))
        self._check_text(sum(len(part) for part in parts) + len(text) * len(parts))
        return text.join(parts)

    def replace(self, text: str, old: str, new: str, count: int = -1) -> str:
        """Replace in a text, as far as the result stays small."""
        self._check_text(len(text) + (text.count(old) if old else len(text) + 1) * len(new))
        return text.replace(old, new, count)

    def pad(self, method: str, text: str, width: int, *fill: str) -> str:
        """Fill a text up to a width, as far as that stays small."""
        self._check_text(width)
        padded: str = getattr(text, method)(width, *fill)
        return padded

    def _strftime(self, value: Any, pattern: str) -> str:
        if _LONG_NUMBER.search(pattern) or len(pattern) > MAX_WIDTH:
            raise self.too_much("a field of that width")
        written: str = value.strftime(pattern)
        return written

    def _check_text(self, length: int) -> None:
        if length > MAX_TEXT:
            raise self.too_much(f"a text of {length} characters")
        self.step(max(length, 0) // _LETTERS_PER_STEP)

    def formatted(self, value: Any, conversion: int, spec: str) -> str:
        """Write a value inside an f-string."""
        if conversion == ord("r") or conversion == ord("a"):
            value = repr(self.operand(value))
        elif conversion == ord("s") or not isinstance(value, _SCALARS):
            value = self.text(value)
        if _LONG_NUMBER.search(spec):
            raise self.too_much("a field of that width")
        written = format(value, spec)
        self.step(len(written) // _LETTERS_PER_STEP)
        return written

    def text(self, value: Any = "") -> str:
        """Give a value as text, as far as it is small."""
        return str(self.operand(value))

    # --- operations ------------------------------------------------------------------------------------------------

    def operate(self, name: str, left: Any, right: Any) -> Any:
        """Do + * ** << % after a look at how large the result would be."""
        self.step()
        if type(left) is float and type(right) is float:
            return _OPERATORS[name](left, right)
        check = _CHECKS[name]
        check(self, left, right)
        return _OPERATORS[name](left, right)

    def check_sum(self, left: Any, right: Any) -> None:
        """Texts and lists must stay small."""
        if isinstance(left, (str, bytes)) and isinstance(right, (str, bytes)):
            self._check_text(len(left) + len(right))
        elif isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
            self._check_list(len(left) + len(right))

    def check_product(self, left: Any, right: Any) -> None:
        """Numbers must stay below `MAX_BITS`, repeated texts and lists small."""
        if isinstance(left, int) and isinstance(right, int):
            if left.bit_length() + right.bit_length() > MAX_BITS:
                raise self.too_much("a number of that size")
            return
        pairs: tuple[tuple[Any, Any], ...] = ((left, right), (right, left))
        for sequence, times in pairs:
            if isinstance(times, int):
                self._check_repetition(sequence, times)

    def _check_repetition(self, sequence: Any, times: int) -> None:
        if isinstance(sequence, (str, bytes)):
            self._check_text(len(sequence) * max(times, 0))
        elif isinstance(sequence, (list, tuple)):
            self._check_list(self.size(sequence) * max(times, 0))

    def check_power(self, left: Any, right: Any) -> None:
        """Whole powers must stay below `MAX_BITS`; powers of decimals are refused beyond that exponent."""
        if isinstance(right, (int, float, Decimal)) and not isinstance(left, float) and not isinstance(right, float):
            bits = left.bit_length() if isinstance(left, int) else 64
            exponent: Any = abs(right)
            if bits > 1 and exponent * bits > MAX_BITS:
                raise self.too_much("a power of that size")

    def check_shift(self, left: Any, right: Any) -> None:
        """Shifted numbers must stay below `MAX_BITS`."""
        if isinstance(left, int) and isinstance(right, int) and left and right + left.bit_length() > MAX_BITS:
            raise self.too_much("a number of that size")

    def check_modulo(self, left: Any, right: Any) -> None:
        """Of texts, % writes values: no width from outside, and no wide fields."""
        if isinstance(left, (str, bytes)):
            pattern = left.decode("latin-1") if isinstance(left, bytes) else left
            if _has_wide_field(pattern):
                raise self.too_much("a field of that width")
            self.step(self.size(right))

    def operand(self, value: Any) -> Any:
        """Give back a value that is compared, hashed or written, after measuring it with all that it holds."""
        if type(value) not in _SCALAR_SET:
            self.step(self.size(value) // _ITEMS_PER_STEP)
        return value

    def unpack(self, items: Iterable[Any]) -> Iterator[Any]:
        """Go through items that a star unpacks into a call or list, and measure each."""
        return map(self.operand, self.iterate(items))

    def size(self, value: Any) -> int:
        """Count what a value holds, shared parts each time they appear. Raises `ExpressionTooExpensive`."""
        total = 0
        waiting = [value]
        while waiting:
            current = waiting.pop()
            total += 1
            if isinstance(current, Mapping):
                total += len(current)
                waiting.extend(current.values())
            elif isinstance(current, (list, tuple, set, frozenset)):
                total += len(current)
                waiting.extend(current)
            elif isinstance(current, (str, bytes)):
                total += len(current) // _LETTERS_PER_STEP
            if total > MAX_MEASURED:
                raise self.too_much(f"more than {MAX_MEASURED} items")
        return total

    def _check_list(self, count: int) -> None:
        self._check_items(count)
        self.step(count // _ITEMS_PER_STEP)

    def _check_items(self, count: int) -> None:
        if count > MAX_ITEMS:
            raise self.too_much(f"more than {MAX_ITEMS} items")

    # --- functions that are always there ---------------------------------------------------------------------------

    def functions(self) -> dict[str, Any]:
        """Give the functions that every expression may call, by name."""
        return {
            "abs": abs,
            "all": lambda items: all(self.iterate(items)),
            "any": lambda items: any(self.iterate(items)),
            "bool": bool,
            "dict": lambda *items, **entries: dict(*(map(self._pairs, items)), **entries),
            "divmod": divmod,
            "enumerate": lambda items, start=0: enumerate(self.iterate(items), start),
            "filter": lambda test, items: (item for item in self.iterate(items) if (test or bool)(item)),
            "float": float,
            "int": self.whole,
            "len": len,
            "list": lambda items=(): list(self.iterate(items)),
            "long": self.whole,
            "map": lambda function, *items: map(function, *(self.iterate(each) for each in items)),
            "max": lambda *values, **options: self.extreme(max, *values, **options),
            "min": lambda *values, **options: self.extreme(min, *values, **options),
            "range": self.range,
            "reversed": lambda items: reversed(list(self.iterate(items))),
            "round": self.round,
            "set": lambda items=(): {self.operand(item) for item in self.iterate(items)},
            "sorted": lambda items, **options: sorted(map(self.operand, self.iterate(items)), **options),
            "str": self.text,
            "sum": self.sum,
            "tuple": lambda items=(): tuple(self.iterate(items)),
            "zip": lambda *items: zip(*(self.iterate(each) for each in items), strict=False),
        }

    def _pairs(self, items: Any) -> Any:
        return items if isinstance(items, Mapping) else [(self.operand(key), value) for key, value in items]

    def whole(self, value: Any = 0, *base: int) -> int:
        """Read a whole number, as far as it is not gigantic."""
        if isinstance(value, Decimal) and value.is_finite() and value.adjusted() > MAX_WIDTH:
            raise self.too_much("a number of that size")
        return int(value, *base)

    def round(self, number: Any, digits: int | None = None) -> Any:
        """Round a number; a hundred digits are enough."""
        if digits is not None and abs(digits) > 100:
            raise self.too_much("rounding to that many digits")
        if digits is None and isinstance(number, Decimal):
            return self.whole(number.to_integral_value())
        return round(number, digits)

    def range(self, *bounds: int) -> range:
        """Give a range that is not too long."""
        found = range(*bounds)
        if found.step and (found.stop - found.start) // found.step > MAX_ITEMS:
            raise self.too_much(f"a range of more than {MAX_ITEMS}")
        return found

    def sum(self, items: Iterable[Any], start: Any = 0) -> Any:
        """Add numbers or spans of time (not lists)."""
        total = start
        for item in self.iterate(items):
            if isinstance(item, (list, tuple, Mapping)):
                raise self.forbid("sum of lists")
            total = self.operate("+", total, item)
        return total

    def extreme(self, pick: Callable[..., Any], *values: Any, **options: Any) -> Any:
        """Give the smallest or largest value."""
        if len(values) == 1:
            return pick([self.operand(item) for item in self.iterate(values[0])], **options)
        return pick(*map(self.operand, values), **options)


_ATTRIBUTES: Final[tuple[tuple[Any, frozenset[str]], ...]] = (
    ((date, time, timedelta), _TIME_METHODS),
    ((int, float), _NUMBER_METHODS),
    (Decimal, _DECIMAL_METHODS),
    ((list, tuple, bytes), _SEQUENCE_METHODS),
    ((set, frozenset), _SET_METHODS),
)
_GUARDED_TEXT_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "join": Guards.join,
    "replace": Guards.replace,
    "ljust": lambda guards, text, *given: guards.pad("ljust", text, *given),
    "rjust": lambda guards, text, *given: guards.pad("rjust", text, *given),
    "center": lambda guards, text, *given: guards.pad("center", text, *given),
    "zfill": lambda guards, text, *given: guards.pad("zfill", text, *given),
}
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "*": operator.mul,
    "**": operator.pow,
    "<<": operator.lshift,
    "%": operator.mod,
}
_CHECKS: Final[Mapping[str, Callable[[Guards, Any, Any], None]]] = {
    "+": Guards.check_sum,
    "*": Guards.check_product,
    "**": Guards.check_power,
    "<<": Guards.check_shift,
    "%": Guards.check_modulo,
}
