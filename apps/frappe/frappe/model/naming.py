"""Names of documents."""

from frappe_engine.documents.naming import (
    InvalidNamingSeriesError,
    append_number_if_name_exists,
    from_format,
    get_series,
    make_autoname,
    parse_series,
    revert_series_if_last,
    set_new_name,
    validate_name,
)

getseries = get_series
parse_naming_series = parse_series

__all__ = [
    "InvalidNamingSeriesError",
    "append_number_if_name_exists",
    "from_format",
    "getseries",
    "make_autoname",
    "parse_naming_series",
    "revert_series_if_last",
    "set_new_name",
    "validate_name",
]
