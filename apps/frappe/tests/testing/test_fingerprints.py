"""Fingerprints of a whole database: what they see."""

from __future__ import annotations

from typing import Any

from frappe_engine.testing.fingerprints import changed_tables, fingerprint


def test_a_changed_value_shows_as_its_table(connected_site: Any) -> None:
    before = fingerprint()
    assert changed_tables(before, fingerprint()) == []
    connected_site.db.write("UPDATE `tabUser` SET `bio` = 'x' WHERE `name` = 'Guest'")
    assert changed_tables(before, fingerprint()) == ["tabUser"]


def test_new_rows_and_tables_left_out(connected_site: Any) -> None:
    before = fingerprint()
    connected_site.db.write("INSERT INTO `tabSeries` (`name`, `current`) VALUES ('FP-', 1)")
    assert changed_tables(before, fingerprint()) == ["tabSeries"]
    kept = {table: digest for table, digest in before.items() if table != "tabSeries"}
    assert changed_tables(kept, fingerprint(leaving_out=["tabSeries"])) == []
