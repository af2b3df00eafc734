"""MariaDB's functions for SQLite: what apps' SQL calls that SQLite has not, or has with another meaning.

Invariant: results equal MariaDB's for the same arguments (NULL in, NULL out, unless MariaDB says otherwise), except that
SQLite counts in binary fractions: quotients and averages have more digits than MariaDB's four. Date and time values
travel as ISO text, as they are stored.
"""

from frappe_engine.database.functions import aggregates, dates, json_values, numbers, text
from frappe_engine.database.functions.dates import to_duration, to_moment, write_duration
from frappe_engine.database.functions.registry import register_all

__all__ = [
    "aggregates", "dates", "json_values", "numbers", "register_all", "text", "to_duration", "to_moment", "write_duration",
]  # fmt: skip
