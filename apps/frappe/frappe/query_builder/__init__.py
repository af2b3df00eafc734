"""The query builder: PyPika with DocTypes as tables."""

from pypika import AliasedQuery, Case, Criterion, Field, JoinType, Order, Query, Table
from pypika.terms import Interval

from frappe_engine.database.builder import table_of


def DocType(*args, **kwargs):  # noqa: N802 - the public name
    """Give the table of a DocType."""
    return table_of(*args, **kwargs)


__all__ = ["AliasedQuery", "Case", "Criterion", "DocType", "Field", "Interval", "JoinType", "Order", "Query", "Table"]
