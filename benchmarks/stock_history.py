"""Stock as of any moment over a long ledger, and a backdated receipt with many later movements.

    env/bin/python benchmarks/stock_history.py [--rows 1000000] [--later 100000] [--db sqlite|mariadb]

Fills the ledger of 1,000 SKUs with rows over three years (by plain SQL), puts them into checkpoints as the scheduled job does,
and asks for quantity and value of everything at five moments. Then one SKU gets movements of its own, and a receipt
is posted with an event time before all of them. Printed as JSON: seconds, rows, SQL statements; the answer at the last moment
is compared with a plain sum over the whole ledger (the floor).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from frappe_engine.testing import temporary_site

SKUS = 1000
START = datetime(2024, 1, 1)
DAYS = 1040
MOMENTS = (10, 300, 555, 900, 1039)
CHUNK = 50_000


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--later", type=int, default=100_000)
    parser.add_argument("--db", choices=("sqlite", "mariadb"), help="default: EC_TEST_DB")
    options = parser.parse_args()
    if options.db:
        os.environ["EC_TEST_DB"] = options.db
    with temporary_site(["ec_erp"]) as site, site.connected():
        import frappe

        figures = _Ledger(frappe, options).measure()
    json.dump(figures, sys.stdout, indent=1)
    print()
    return 0


class _Ledger:
    """A company whose stock has moved for three years."""

    def __init__(self, frappe: Any, options: argparse.Namespace) -> None:
        self.frappe, self.options, self.random = frappe, options, random.Random(5)
        make = lambda **values: frappe.get_doc(values).insert()  # noqa: E731  a word for five lines
        make(doctype="Company", company_name="Bench", abbr="B", default_currency="CNY")
        self.warehouse = make(doctype="Warehouse", warehouse_name="Bench Main", company="Bench").name
        self.supplier = make(doctype="Supplier", supplier_name="Bench Supplier").name
        self.busy, self.idle = (make(doctype="SKU", sku_code=code).name for code in ("BUSY", "IDLE"))
        self.skus = [f"HIST-{number:04}" for number in range(SKUS)]
        self.state = {sku: [0, 0.0, 0.0] for sku in [*self.skus, self.busy]}

    def measure(self) -> dict[str, Any]:
        """Fill, checkpoint, ask, post late; give the figures."""
        from ec_erp.inventory.flows import history

        filled = self._timed(lambda: self._fill(self.skus, self.options.rows))
        busy = self._timed(lambda: self._fill([self.busy], self.options.later))
        job = self._timed(self._checkpoint)
        answers = []
        for days in MOMENTS:
            moment = START + timedelta(days=days, hours=13)
            answer = self._timed(lambda moment=moment: history.stock_as_of(moment))
            answers.append({"day": days, "seconds": answer["seconds"], "keys": len(answer["result"])})
        floor = self._timed(lambda: self._plain_sum(moment))
        agrees = {row["sku"]: round(row["qty"], 6) for row in answer["result"]} == floor["result"]
        self._receive(self.idle)  # metadata is loaded once per process
        late = self._timed(self._backdated)
        after = self._timed(lambda: history.stock_as_of(moment))
        return {
            "database": self.frappe.db.db_type,
            "ledger_rows": self.options.rows + self.options.later,
            "fill_s": round(filled["seconds"] + busy["seconds"], 1),
            "checkpoints_s": job["seconds"],
            "as_of": answers,
            "as_of_with_late_entry_s": after["seconds"],
            "plain_sum_s": floor["seconds"],
            "agrees_with_plain_sum": agrees,
            "backdated_receipt": {
                "later_movements": self.options.later,
                "seconds": late["seconds"],
                "statements": late["statements"],
                "ledger_rows_written": late["result"],
            },
        }

    def _timed(self, work: Callable[[], Any]) -> dict[str, Any]:
        statements, start = self.frappe.db.statements, time.perf_counter()
        result = work()
        seconds = round(time.perf_counter() - start, 3)
        self.frappe.db.commit()
        return {"result": result, "seconds": seconds, "statements": self.frappe.db.statements - statements}

    def _fill(self, skus: list[str], rows: int) -> None:
        """Write ledger rows with rising event times, and the balances that they come to."""
        from ec_erp.documents.store import insert_rows

        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            insert_rows("Stock Ledger Entry", [self._row(skus, start + at, rows) for at in range(count)])
            self.frappe.db.commit()
        insert_rows("Stock Balance", [self._balance(sku) for sku in skus])

    def _row(self, skus: list[str], number: int, rows: int) -> dict[str, Any]:
        sku = skus[number % len(skus)]
        state = self.state[sku]
        qty = self.random.randint(1, 9) if state[1] < 50 or self.random.random() < 0.5 else -self.random.randint(1, 5)
        value = round(qty * 9.99, 2)
        state[0], state[1], state[2] = state[0] + 1, state[1] + qty, round(state[2] + value, 2)
        return {
            "name": f"{sku}-{state[0]:07}",
            "sku": sku,
            "warehouse": self.warehouse,
            "company": "Bench",
            "grade": "Good",
            "seq": state[0],
            "qty_change": qty,
            "qty_after": state[1],
            "value_change": value,
            "value_after": state[2],
            "voucher_type": "Stock Entry",
            "voucher_no": f"BENCH-{number}",
            "voucher_line": f"row-{sku}-{state[0]}",
            "posting_datetime": START + timedelta(days=DAYS) * (number / rows),
        }

    def _balance(self, sku: str) -> dict[str, Any]:
        count, qty, value = self.state[sku]
        return {
            "name": f"{sku}|{self.warehouse}",
            "sku": sku,
            "warehouse": self.warehouse,
            "company": "Bench",
            "on_hand": qty,
            "available": qty,
            "value": value,
            "entry_count": count,
            "checkpoint_seq": 0,
            **dict.fromkeys(("reserved", "unpaid", "frozen", "locked", "on_order", "in_transit", "defective"), 0),
        }

    def _checkpoint(self) -> None:
        from ec_erp.inventory.flows import history

        while history.checkpoint_some():
            self.frappe.db.commit()

    def _plain_sum(self, moment: datetime) -> dict[str, float]:
        query = (
            "SELECT `sku`, SUM(`qty_change`), SUM(`value_change`) FROM `tabStock Ledger Entry`"
            " WHERE `posting_datetime` <= %s GROUP BY `sku`, `warehouse`"
        )
        return {sku: round(float(qty), 6) for sku, qty, _ in self.frappe.db.sql(query, [moment])}

    def _backdated(self) -> int:
        """Post a receipt with an event time before all other movements; give the ledger rows it wrote."""
        frappe = self.frappe
        before = frappe.db.count("Stock Ledger Entry", {"sku": self.busy, "voucher_type": "Purchase Receipt"})
        self._receive(self.busy)
        after = frappe.db.count("Stock Ledger Entry", {"sku": self.busy, "voucher_type": "Purchase Receipt"})
        return int(after - before)

    def _receive(self, sku: str) -> None:
        items = [{"sku": sku, "qty": 10, "rate": 12.5, "warehouse": self.warehouse}]
        receipt = self.frappe.get_doc(
            {
                "doctype": "Purchase Receipt",
                "company": "Bench",
                "supplier": self.supplier,
                "posting_datetime": START - timedelta(days=1),
                "items": items,
                "docstatus": 1,
            }
        )
        receipt.insert()


if __name__ == "__main__":
    sys.exit(main())
