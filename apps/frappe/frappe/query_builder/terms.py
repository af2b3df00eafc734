"""Terms of the query builder: PyPika's, and a query as a value in another."""

from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Function, LiteralValue, Term, ValueWrapper


class SubQuery(Criterion):
    """A query that stands where a value may stand: `table.name.isin(SubQuery(query))`, `SubQuery(query).as_("total")`."""

    def __init__(self, subq: QueryBuilder, alias: str | None = None) -> None:
        super().__init__(alias)
        self.subq = subq

    def get_sql(self, **kwargs: object) -> str:
        """Give the query in parentheses; its alias where it is selected."""
        kwargs["subquery"] = True
        with_alias = bool(kwargs.pop("with_alias", False))
        sql = self.subq.get_sql(**kwargs)
        return f"{sql} `{self.alias}`" if with_alias and self.alias else sql


__all__ = ["Criterion", "Function", "LiteralValue", "SubQuery", "Term", "ValueWrapper"]
