"""Functions for the query builder: PyPika's, and those apps expect beside them."""

from pypika import CustomFunction
from pypika.functions import (
    Abs,
    Avg,
    Cast,
    Coalesce,
    Concat,
    Count,
    CurDate,
    Date,
    DateAdd,
    DateDiff,
    DistinctOptionFunction,
    Extract,
    Floor,
    IfNull,
    Length,
    Lower,
    Max,
    Min,
    Now,
    NullIf,
    Replace,
    Substring,
    Sum,
    TimestampAdd,
    Trim,
    Upper,
)
from pypika.terms import Function, LiteralValue  # noqa: F401 - apps take it from here


class Locate(Function):
    """Where a text begins in another, from 1; 0 when it is not there."""

    def __init__(self, term, *args, **kwargs):
        super().__init__("LOCATE", term, *args, **kwargs)


class Ifnull(IfNull):
    """The first value unless it is NULL."""


class UnixTimestamp(Function):
    """Seconds since 1970."""

    def __init__(self, term, alias=None):
        super().__init__("UNIX_TIMESTAMP", term, alias=alias)


class Timestamp(Function):
    """A day as a moment; with a time of day the moment of both."""

    def __init__(self, term, time=None, alias=None):
        super().__init__("TIMESTAMP", *(part for part in (term, time) if part is not None), alias=alias)


class CombineDatetime(Function):
    """A date and a time as one moment."""

    def __init__(self, datepart, timepart, alias=None):
        super().__init__("TIMESTAMP", datepart, timepart, alias=alias)


class GroupConcat(DistinctOptionFunction):
    """The values of a group in one text."""

    def __init__(self, term, alias=None):
        super().__init__("GROUP_CONCAT", term, alias=alias)


class DateFormat(Function):
    """A date written by a format."""

    def __init__(self, term, date_format, alias=None):
        super().__init__("DATE_FORMAT", term, date_format, alias=alias)


class Round(Function):
    """A number rounded to decimals."""

    def __init__(self, term, decimal=0, **kwargs):
        super().__init__("ROUND", term, decimal, **kwargs)


Match = CustomFunction("MATCH", ["field"])


class SqlFunctions:
    """Names of functions for `frappe.get_all` fields."""

    DayOfYear = "dayofyear"
    Extract = "extract"
    Locate = "locate"
    Count = "count"
    Sum = "sum"
    Avg = "avg"
    Max = "max"
    Min = "min"
    Abs = "abs"
    Timestamp = "timestamp"
    IfNull = "ifnull"


__all__ = [
    "Abs",
    "Avg",
    "Cast",
    "Coalesce",
    "CombineDatetime",
    "Concat",
    "Count",
    "CurDate",
    "Date",
    "DateAdd",
    "DateDiff",
    "DateFormat",
    "Extract",
    "Floor",
    "Function",
    "GroupConcat",
    "IfNull",
    "Ifnull",
    "Length",
    "Locate",
    "Lower",
    "Match",
    "Max",
    "Min",
    "Now",
    "NullIf",
    "Replace",
    "Round",
    "SqlFunctions",
    "Substring",
    "Sum",
    "Timestamp",
    "TimestampAdd",
    "Trim",
    "UnixTimestamp",
    "Upper",
]  # fmt: skip


class Concat_ws(Function):  # noqa: N801 - the public name
    """Texts with a separator between them; what is empty in the database's sense is left out."""

    def __init__(self, *terms, **kwargs):
        super().__init__("CONCAT_WS", *terms, **kwargs)
