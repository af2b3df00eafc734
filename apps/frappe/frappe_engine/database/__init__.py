"""SQLite and MariaDB behind one face: `frappe.db`, transactions, SQL in MariaDB's dialect, list queries.

Invariant: all values reach the database as parameters; identifiers are checked against what exists.
"""

from frappe_engine.database.database import Database, connect, create_database

__all__ = ["Database", "connect", "create_database"]
