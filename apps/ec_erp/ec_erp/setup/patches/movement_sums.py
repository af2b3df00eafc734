"""Checkpoints of sites that are older than the sums of movements are made anew, with these."""

import frappe


def execute() -> None:
    """Forget the checkpoints, which are worked out from the ledger; the hourly job makes them and the sums."""
    for doctype in ("Stock Checkpoint", "Movement Sum"):
        frappe.db.delete(doctype)
    frappe.db.sql("UPDATE `tabStock Balance` SET `checkpoint_seq` = 0 WHERE `checkpoint_seq` <> 0")
