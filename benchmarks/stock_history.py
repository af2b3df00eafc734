"""Stock as of any moment over a long ledger, and what comes late with many later movements: receipts and landed costs.

    env/bin/python benchmarks/stock_history.py [--rows 1000000] [--later 100000] [--db sqlite|mariadb]

Fills the ledger of 1,000 SKUs with rows over three years (by plain SQL), puts them into checkpoints as the scheduled job does,
and asks for quantity and value of everything at five moments. Then two SKUs are received by the app, one of them is transferred on
twice in part, and both get movements of their own (the second one's in all three places). Freight is put on both receipts, and
receipts are posted with an event time before all movements. Printed as JSON: seconds by the clock (the work of the request with
its commit) and of the processor (of this process and, where it can be seen, of the database server), rows, SQL statements; the
answer at the last moment is compared with a plain sum over the whole ledger (the floor). The reports on age, turnover, slow and
missing goods are asked as people ask them (`reports`), and what they read is compared with plain statements over the whole
ledger; every fiftieth entry undoes an earlier one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from frappe_engine.testing import temporary_site

sys.path.insert(0, str(Path(__file__).resolve().parent))
import growth

SKUS = 1000
START = datetime(2024, 1, 1)
DAYS = 1040
MOMENTS = (10, 300, 555, 900, 1039)
CHUNK = 50_000
RECEIVED = 600_000  # units whose freight comes late


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
        others = [make(doctype="Warehouse", warehouse_name=name, company="Bench").name for name in ("Second", "Third")]
        self.places = [self.warehouse, *others]
        self.busy, self.moved, self.idle = (
            make(doctype="SKU", sku_code=code).name for code in ("BUSY", "MOVED", "IDLE")
        )
        self.keys = [(f"HIST-{number:04}", self.warehouse) for number in range(SKUS)]
        self.state: dict[tuple[str, str], list[Any]] = {}
        self.standing: dict[tuple[str, str], tuple[Any, ...]] = {}

    def measure(self) -> dict[str, Any]:
        """Fill, checkpoint, ask, post late; give the figures."""
        from ec_erp.inventory.flows import history

        self.last = (START + timedelta(days=DAYS)).date()
        first = [self._receive(self.busy, RECEIVED, START), self._receive(self.moved, RECEIVED, START)]
        self._send_on()
        filled = self._timed(lambda: self._fill(self.keys, self.options.rows))
        busy = self._timed(lambda: self._fill([(self.busy, self.warehouse)], self.options.later))
        moved = self._timed(lambda: self._fill([(self.moved, place) for place in self.places], self.options.later))
        self._count_anew()
        job = self._timed(self._checkpoint)
        answers = []
        for days in MOMENTS:
            moment = START + timedelta(days=days, hours=13)
            answer = self._timed(lambda moment=moment: history.stock_as_of(moment))
            answers.append({"day": days, **_seconds(answer), "keys": len(answer["result"])})
        floor = self._timed(lambda: self._plain_sum(moment))
        agrees = {(row["sku"], row["warehouse"]): round(row["qty"], 6) for row in answer["result"]} == floor["result"]
        self._put_freight_on(self._receive(self.idle))  # metadata is loaded once per process
        late = {
            "later_movements": self.options.later,
            "landed_cost": self._told(self._timed(lambda: self._put_freight_on(first[0]))),
            "landed_cost_over_transfers": self._told(self._timed(lambda: self._put_freight_on(first[1]))),
            "backdated_receipt": self._told(self._timed(lambda: self._backdated(self.busy))),
            "backdated_receipt_before_transfers": self._told(self._timed(lambda: self._backdated(self.moved))),
        }
        after = self._timed(lambda: history.stock_as_of(moment))
        return {
            "database": self.frappe.db.db_type,
            "ledger_rows": self.options.rows + 2 * self.options.later,
            "fill_s": round(filled["seconds"] + busy["seconds"] + moved["seconds"], 1),
            "checkpoints_s": job["seconds"],
            "as_of": answers,
            "as_of_with_late_entry_s": after["seconds"],
            "reports": self._reports(),
            "plain_sum_s": floor["seconds"],
            "agrees_with_plain_sum": agrees,
            "late": late,
        }

    def _reports(self) -> dict[str, Any]:
        """Ask for the lists that look at long spans; compare what they read with the whole ledger."""
        from ec_erp.inventory.flows import watching
        from ec_erp.inventory.store.asked import Asked

        asked, today = Asked(), self.last
        year, quarter = today - timedelta(days=364), today - timedelta(days=89)
        lists = {
            "ageing": lambda: watching.ageing(asked, today),
            "ageing_by_warehouse": lambda: watching.ageing(asked, today, by_warehouse=True),
            "turnover_quarter": lambda: watching.turnover(asked, quarter, today, by="sku"),
            "turnover_year_by_platform": lambda: watching.turnover(asked, year, today, by="platform"),
            "slow": lambda: watching.slow_movers(asked, today, days=90, slow_cover=Decimal(180)),
            "out_of_stock": lambda: watching.out_of_stock(asked, today, days=30),
            "alerts_of_90_days": lambda: watching.daily_sales_of(asked, today, 90),
        }
        return {name: _seconds(self._timed(ask)) for name, ask in lists.items()} | self._compared(asked, today, quarter)

    def _compared(self, asked: Any, today: date, quarter: date) -> dict[str, Any]:
        """Compare sums that reports read with the ledger read from one end to the other."""
        from ec_erp.inventory.store import movements

        stands = (
            "e.`is_reversal` = 0 AND NOT EXISTS (SELECT 1 FROM `tabStock Ledger Entry` r WHERE r.`voucher_no` = e.`voucher_no`"
            " AND r.`reverses` = e.`name`)"
        )
        slow = "SELECT e.`sku`, SUM(e.`qty_change`) FROM `tabStock Ledger Entry` e WHERE {where} GROUP BY e.`sku`"
        wholly = self._timed(lambda: dict(self.frappe.db.sql(slow.format(where=f"e.`qty_change` > 0 AND {stands}"))))
        came: dict[str, Decimal] = {}
        for (sku, _place), ages in movements.load_received(asked, today, by_warehouse=True).items():
            came[sku] = came.get(sku, Decimal(0)) + sum(ages)
        sales = f"e.`voucher_type` = 'Delivery Note' AND e.`posting_datetime` >= '{quarter}'"
        sold: dict[str, Decimal] = {}
        for key, (qty, _last) in movements.load_sold(asked, quarter).items():
            sold[key.sku] = sold.get(key.sku, Decimal(0)) - qty
        expected = dict(self.frappe.db.sql(slow.format(where=sales)))
        return {
            "whole_ledger_s": wholly["seconds"],
            "receipts_agree": _rounded(came) == _rounded(wholly["result"]),
            "sales_agree": _rounded(sold) == _rounded(expected),
        }

    def _told(self, timed: dict[str, Any]) -> dict[str, Any]:
        return {**_seconds(timed), "statements": timed["statements"], "ledger_rows_written": timed["result"]}

    def _timed(self, work: Callable[[], Any]) -> dict[str, Any]:
        statements, worked = self.frappe.db.statements, time.process_time() + growth.server_seconds()
        start = time.perf_counter()
        result = work()
        self.frappe.db.commit()
        seconds = round(time.perf_counter() - start, 3)
        statements = self.frappe.db.statements - statements
        worked = round(time.process_time() + growth.server_seconds() - worked, 3)
        return {"result": result, "seconds": seconds, "cpu_s": worked, "statements": statements}

    def _count_anew(self) -> None:
        """Let the database know what was filled in, as its own housekeeping would in the course of three years."""
        table = "`tabStock Ledger Entry`"
        self.frappe.db.sql_ddl(f"ANALYZE {'TABLE ' if self.frappe.db.db_type == 'mariadb' else ''}{table}")

    def _fill(self, keys: list[tuple[str, str]], rows: int) -> None:
        """Write ledger rows with rising event times, and the balances that they come to."""
        from ec_erp.documents.store import insert_rows, update_rows

        known = self._known(keys)
        self.state |= {key: known.get(key, [0, 0.0, 0.0]) for key in keys}
        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            insert_rows("Stock Ledger Entry", [self._row(keys, start + at, rows) for at in range(count)])
            self.frappe.db.commit()
        insert_rows("Stock Balance", [self._balance(key) for key in keys if key not in known])
        figures = ("on_hand", "available", "value", "entry_count")
        changed = {balance["name"]: balance for balance in map(self._balance, known)}
        update_rows("Stock Balance", {name: {field: row[field] for field in figures} for name, row in changed.items()})
        self.frappe.db.commit()

    def _known(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], list[Any]]:
        """Give count of entries, quantity and value of the keys that have a balance."""
        fields = ["sku", "warehouse", "entry_count", "on_hand", "value"]
        rows = self.frappe.get_all("Stock Balance", filters={"sku": ("in", [sku for sku, _ in keys])}, fields=fields)
        found = {(row.sku, row.warehouse): [row.entry_count, row.on_hand, row.value] for row in rows}
        return {key: found[key] for key in keys if key in found}

    def _row(self, keys: list[tuple[str, str]], number: int, rows: int) -> dict[str, Any]:
        key = keys[number % len(keys)]
        sku, warehouse = key
        state, name = self.state[key], f"{sku}-{number:07}"
        qty = self.random.randint(9, 90) if state[1] < 50 or self.random.random() < 0.1 else -self.random.randint(1, 9)
        undone = self.standing.pop(key, None) if number % 50 == 0 else None
        voucher = ("Purchase Receipt" if qty > 0 else "Delivery Note", f"BENCH-{sku}-{number}")
        if undone:
            qty, voucher = -undone[1], undone[2:]
        else:
            self.standing[key] = (name, qty, *voucher)
        value = round(qty * 9.99, 2)
        state[0], state[1], state[2] = state[0] + 1, state[1] + qty, round(state[2] + value, 2)
        return {
            "name": name,
            "sku": sku,
            "warehouse": warehouse,
            "company": "Bench",
            "grade": "Good",
            "seq": state[0],
            "qty_change": qty,
            "qty_after": state[1],
            "value_change": value,
            "value_after": state[2],
            "voucher_type": voucher[0],
            "voucher_no": voucher[1],
            "is_reversal": int(undone is not None),
            "reverses": undone[0] if undone else None,
            "voucher_line": f"row-{sku}-{number}",
            "posting_datetime": START + timedelta(days=DAYS) * (number / rows),
        }

    def _balance(self, key: tuple[str, str]) -> dict[str, Any]:
        count, qty, value = self.state[key]
        return {
            "name": "|".join(key),
            "sku": key[0],
            "warehouse": key[1],
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

    def _plain_sum(self, moment: datetime) -> dict[tuple[str, str], float]:
        query = (
            "SELECT `sku`, `warehouse`, SUM(`qty_change`), SUM(`value_change`) FROM `tabStock Ledger Entry`"
            " WHERE `posting_datetime` <= %s GROUP BY `sku`, `warehouse`"
        )
        rows = self.frappe.db.sql(query, [moment])
        return {(sku, place): round(float(qty), 6) for sku, place, qty, value in rows if qty or round(float(value), 6)}

    def _send_on(self) -> None:
        """Transfer a part of what was received to the second place, and a part of that to the third."""
        for units, source, target in ((RECEIVED // 3, 0, 1), (RECEIVED // 6, 1, 2)):
            transfer = self.frappe.get_doc(
                {
                    "doctype": "Stock Transfer",
                    "company": "Bench",
                    "from_warehouse": self.places[source],
                    "to_warehouse": self.places[target],
                    "items": [{"sku": self.moved, "qty": units}],
                }
            ).insert()
            transfer.submit()
            transfer.send()
            transfer.reload()
            transfer.receive({transfer.items[0].name: units})
        self.frappe.db.commit()

    def _put_freight_on(self, receipt: str) -> int:
        """Post a landed cost for a receipt; give the ledger rows it wrote."""
        values = {
            "doctype": "Landed Cost",
            "company": "Bench",
            "supplier": self.supplier,
            "receipts": [{"purchase_receipt": receipt}],
            "charges": [{"cost_type": "Freight", "amount": 1000, "basis": "Value"}],
        }
        cost = self.frappe.get_doc(values).insert()
        cost.submit()
        return int(self.frappe.db.count("Stock Ledger Entry", {"voucher_no": cost.name}))

    def _backdated(self, sku: str) -> int:
        """Post a receipt with an event time before all other movements; give the ledger rows it wrote."""
        return int(self.frappe.db.count("Stock Ledger Entry", {"voucher_no": self._receive(sku)}))

    def _receive(self, sku: str, qty: float = 10, moment: datetime = START - timedelta(days=1)) -> str:
        items = [{"sku": sku, "qty": qty, "rate": 12.5, "warehouse": self.warehouse}]
        receipt = self.frappe.get_doc(
            {
                "doctype": "Purchase Receipt",
                "company": "Bench",
                "supplier": self.supplier,
                "posting_datetime": moment,
                "items": items,
                "docstatus": 1,
            }
        )
        return str(receipt.insert().name)


def _rounded(figures: dict[str, Any]) -> dict[str, float]:
    return {name: round(float(figure), 6) for name, figure in figures.items() if round(float(figure), 6)}


def _seconds(timed: dict[str, Any]) -> dict[str, float]:
    return {"seconds": timed["seconds"], "cpu_s": timed["cpu_s"]}


if __name__ == "__main__":
    sys.exit(main())
