"""Terms that PyPika does not have."""

from pypika.functions import DistinctOptionFunction
from pypika.terms import Term
from pypika.utils import builder, format_alias_sql, format_quotes


class GROUP_CONCAT(DistinctOptionFunction):  # noqa: N801 - the public name
    """The values of a group in one text."""

    def __init__(self, column, alias=None):
        super().__init__("GROUP_CONCAT", column, alias=alias)


class ConstantColumn(Term):
    """A column that has the same value in every row."""

    alias = None

    def __init__(self, value):
        super().__init__()
        self.value = value

    def get_sql(self, quote_char=None, **kwargs):
        """Write the value as a literal."""
        return format_alias_sql(
            format_quotes(str(self.value).replace("'", "''"), "'"),
            self.alias or self.value,
            quote_char=quote_char,
            **kwargs,
        )


class MonthName(DistinctOptionFunction):
    """The name of a date's month."""

    def __init__(self, column, alias=None):
        super().__init__("MONTHNAME", column, alias=alias)


class Quarter(DistinctOptionFunction):
    """The quarter of a date."""

    def __init__(self, column, alias=None):
        super().__init__("QUARTER", column, alias=alias)


class Month(DistinctOptionFunction):
    """The month of a date."""

    def __init__(self, column, alias=None):
        super().__init__("MONTH", column, alias=alias)


class MATCH(DistinctOptionFunction):
    """A full-text search (MariaDB)."""

    def __init__(self, column, *args, **kwargs):
        super().__init__("MATCH", column, *args, **kwargs)
        self._against = False

    @builder
    def Against(self, text):  # noqa: N802 - the public name
        """Name what is searched."""
        self._against = text

    def get_function_sql(self, **kwargs):
        """Write MATCH … AGAINST."""
        text = super().get_function_sql(**kwargs)
        if not self._against:
            raise ValueError("MATCH needs Against")
        quoted = self._against.replace("'", "''")
        return f"{text} AGAINST ('{quoted}' IN BOOLEAN MODE)"


TO_TSVECTOR = MATCH
__all__ = ["GROUP_CONCAT", "MATCH", "ConstantColumn", "Month", "MonthName", "Quarter"]
