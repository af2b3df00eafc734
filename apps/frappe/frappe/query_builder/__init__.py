"""The query builder: PyPika with DocTypes as tables."""

from frappe_engine.database.builder import table_of
from pypika import AliasedQuery, Case, Column, Criterion, CustomFunction, Field, JoinType, Order, Query, Table, Tuple
from pypika.enums import DatePart
from pypika.terms import Interval

from frappe._submodules import lazily


def DocType(*args, **kwargs):  # noqa: N802 - the public name
    """Give the table of a DocType."""
    return table_of(*args, **kwargs)


__all__ = [
    "AliasedQuery",
    "Case",
    "Column",
    "Criterion",
    "CustomFunction",
    "DatePart",
    "DocType",
    "Field",
    "Interval",
    "JoinType",
    "Order",
    "Query",
    "Table",
    "Tuple",
]


__getattr__ = lazily("frappe.query_builder")
