"""Reading, locking and writing what leaves the warehouse: the only place of the area that queries."""

from ec_erp.fulfilment.store.notes import (
    load_notes,
    load_notes_of_lines,
    load_order_charges,
    lock_notes,
    lock_notes_of_lines,
    write_posted_lines,
    write_posted_notes,
    write_returned,
)

__all__ = [
    "load_notes",
    "load_notes_of_lines",
    "load_order_charges",
    "lock_notes",
    "lock_notes_of_lines",
    "write_posted_lines",
    "write_posted_notes",
    "write_returned",
]
