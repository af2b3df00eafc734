"""What went wrong, as apps ask it: the exceptions of the driver, and which of them means what.

Invariant: the answer is the same on both databases; only drivers know codes and texts of errors.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.database.transaction import Connection


class DriverErrors(Connection):
    """Mixed into `Database`."""

    def is_duplicate_entry(self, error: BaseException) -> bool:
        """Tell whether an error says that a key is taken."""
        return bool(self.driver.is_duplicate(error))

    def is_primary_key_violation(self, error: BaseException) -> bool:
        """Tell whether an error says that a name is taken."""
        return self.is_duplicate_entry(error) and "name" in self.driver.duplicate_columns(error)

    def is_unique_key_violation(self, error: BaseException) -> bool:
        """Tell whether an error says that a unique value is taken."""
        return self.is_duplicate_entry(error) and not self.is_primary_key_violation(error)

    def is_table_missing(self, error: BaseException) -> bool:
        """Tell whether an error says that a table is not there."""
        return bool(self.driver.is_missing_table(error))

    def is_missing_column(self, error: BaseException) -> bool:
        """Tell whether an error says that a column is not there."""
        return bool(self.driver.is_missing_column(error))

    is_column_missing = is_missing_column

    def is_data_too_long(self, error: BaseException) -> bool:
        """Tell whether an error says that a value does not fit."""
        return bool(self.driver.is_too_long(error))

    def is_deadlocked(self, error: BaseException) -> bool:
        """Tell whether an error says that this transaction lost a deadlock."""
        return bool(
            self.driver.is_deadlock(error.args[0] if error.args and isinstance(error.args[0], BaseException) else error)
        )

    def is_timedout(self, error: BaseException) -> bool:
        """Tell whether an error says that waiting for a lock took too long."""
        return bool(
            self.driver.is_timeout(error.args[0] if error.args and isinstance(error.args[0], BaseException) else error)
        )

    @property
    def Error(self) -> Any:  # noqa: N802 - the DB API's name
        """The driver's base exception."""
        return self.driver.errors.Error

    @property
    def OperationalError(self) -> Any:  # noqa: N802
        """The driver's exception for what the database could not do."""
        return self.driver.errors.OperationalError

    @property
    def ProgrammingError(self) -> Any:  # noqa: N802
        """The driver's exception for statements that are wrong."""
        return self.driver.errors.ProgrammingError

    @property
    def IntegrityError(self) -> Any:  # noqa: N802
        """The driver's exception for broken constraints."""
        return self.driver.errors.IntegrityError

    @property
    def InternalError(self) -> Any:  # noqa: N802
        """The driver's exception for faults of the database itself."""
        return self.driver.errors.InternalError

    @property
    def DataError(self) -> Any:  # noqa: N802
        """The driver's exception for values that can't be stored."""
        return self.driver.errors.DataError
