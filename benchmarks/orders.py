"""Orders per second through the full path, beside the same rows written by raw SQL in the same run.

    env/bin/python benchmarks/orders.py [--orders 300] [--bulk 2000] [--db sqlite|mariadb] [--profile]

One order = 2 lines out of 500 SKUs: Sales Order (accepted, stock reserved), Delivery Note (stock and general ledger
posted), and Payment Entry where the app has one. `single` commits per order; `bulk` takes 100 orders per transaction.
The floor writes as many rows of the same tables, with the same commits, by plain statements. Printed as JSON: rates
per second, processor time, SQL statements and rows per order, ratios to the floor.
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import json
import os
import pstats
import random
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from frappe_engine.testing import temporary_site

SKUS = 500
LINES = 2
BULK = 100
STOCK = 10_000_000
LEDGERS = (
    "Sales Order", "Sales Order Item", "Stock Reservation", "Delivery Note", "Delivery Note Item", "Stock Ledger Entry",
    "GL Entry", "Payment Entry", "Payment Entry Reference",
)  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=300, help="orders of the single path")
    parser.add_argument("--bulk", type=int, default=2000, help="orders of the bulk path")
    parser.add_argument("--db", choices=("sqlite", "mariadb"), help="default: EC_TEST_DB")
    parser.add_argument("--profile", choices=("single", "bulk"), help="print where the time of one path goes")
    options = parser.parse_args()
    if options.db:
        os.environ["EC_TEST_DB"] = options.db
    with temporary_site(["ec_erp"]) as site, site.connected():
        import frappe

        frappe.flags.in_test = False
        shop = _Shop(frappe)
        figures = shop.measure(options)
    json.dump(figures, sys.stdout, indent=1)
    print()
    return 0


class _Shop:
    """A company with stock of 500 SKUs, and the two ways its orders take."""

    def __init__(self, frappe: Any) -> None:
        self.frappe = frappe
        self.random = random.Random(7)
        self._prepare()

    def _prepare(self) -> None:
        from ec_erp.documents.sets import insert_many

        frappe = self.frappe
        make = lambda **values: frappe.get_doc(values).insert()  # noqa: E731 - a word for three lines
        self.company = make(
            doctype="Company", company_name="Bench", abbr="B", default_currency="CNY", country="China"
        ).name
        self.warehouse = make(doctype="Warehouse", warehouse_name="Bench Main", company=self.company).name
        self.supplier = make(doctype="Supplier", supplier_name="Bench Supplier").name
        self.customers = [make(doctype="Customer", customer_name=f"Buyer {n}").name for n in range(50)]
        self.skus = [f"BENCH-{n:04d}" for n in range(SKUS)]
        insert_many(
            [frappe.get_doc({"doctype": "SKU", "sku_code": s, "sku_name": s, "standard_rate": 20}) for s in self.skus]
        )
        items = [{"sku": s, "qty": STOCK, "rate": 9.99, "warehouse": self.warehouse} for s in self.skus]
        receipt = {"doctype": "Purchase Receipt", "company": self.company, "supplier": self.supplier, "items": items}
        insert_many([frappe.get_doc(receipt)], submit=True)
        frappe.db.commit()

    # the two ways

    def _order(self) -> Any:
        rows = [
            {"sku": sku, "qty": self.random.randint(1, 3), "rate": 19.9, "warehouse": self.warehouse}
            for sku in self.random.sample(self.skus, LINES)
        ]
        customer = self.random.choice(self.customers)
        values = {
            "doctype": "Sales Order",
            "company": self.company,
            "customer": customer,
            "items": rows,
            "docstatus": 1,
        }
        return self.frappe.get_doc(values)

    def _note(self, order: Any) -> Any:
        return self.frappe.get_doc({"doctype": "Delivery Note", "sales_order": order.name, "docstatus": 1})

    def _payment(self, order: Any) -> Any:
        reference = {
            "reference_doctype": "Sales Order",
            "reference_name": order.name,
            "allocated_amount": order.grand_total,
        }
        return self.frappe.get_doc(
            {
                "doctype": "Payment Entry",
                "payment_type": "Receive",
                "company": self.company,
                "party_type": "Customer",
                "party": order.customer,
                "paid_amount": order.grand_total,
                "references": [reference],
                "docstatus": 1,
            }
        )

    @functools.cached_property
    def pays(self) -> bool:
        """Tell whether the app books payments."""
        return bool(self.frappe.db.exists("DocType", "Payment Entry"))

    def single(self, count: int) -> None:
        """Take orders one at a time, a commit each."""
        for _ in range(count):
            order = self._order().insert()
            self._note(order).insert()
            if self.pays:
                self._payment(order).insert()
            self.frappe.db.commit()

    def bulk(self, count: int) -> None:
        """Take orders by the hundred, a commit per hundred."""
        from ec_erp.documents.sets import insert_many

        for start in range(0, count, BULK):
            orders = [self._order() for _ in range(min(BULK, count - start))]
            insert_many(orders, submit=True)
            insert_many([self._note(order) for order in orders], submit=True)
            if self.pays:
                insert_many([self._payment(order) for order in orders], submit=True)
            self.frappe.db.commit()

    # measuring

    def measure(self, options: argparse.Namespace) -> dict[str, Any]:
        """Run both ways and both floors; give the figures."""
        db = self.frappe.db
        if options.profile:
            return self._profile(options)
        self.single(5)
        self.bulk(BULK)
        before = self._rows()
        single = self._timed(lambda: self.single(options.orders), options.orders)
        rows_per_order = {
            name: round((count - before[name]) / options.orders, 2) for name, count in self._rows().items()
        }
        bulk = self._timed(lambda: self.bulk(options.bulk), options.bulk)
        floor = _Floor(self.frappe, {name: round(count) for name, count in rows_per_order.items() if count})
        floor_single, floor_bulk = floor.single(options.orders), floor.bulk(options.bulk)
        return {
            "database": db.db_type,
            "payment": self.pays,
            "rows_per_order": {name: count for name, count in rows_per_order.items() if count},
            "single": {**single, "floor_per_s": floor_single, "ratio": round(single["orders_per_s"] / floor_single, 3)},
            "bulk": {**bulk, "floor_per_s": floor_bulk, "ratio": round(bulk["orders_per_s"] / floor_bulk, 3)},
        }

    def _rows(self) -> dict[str, int]:
        existing = [name for name in LEDGERS if self.frappe.db.table_exists(name)]
        return {name: self.frappe.db.sql(f"select count(*) from `tab{name}`")[0][0] for name in existing}

    def _timed(self, work: Callable[[], None], orders: int) -> dict[str, float]:
        statements, start, worked = self.frappe.db.statements, time.perf_counter(), time.process_time()
        work()
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
        return {
            "orders": orders,
            "orders_per_s": round(orders / seconds, 1),
            "cpu_ms_per_order": round(worked * 1000 / orders, 2),
            "statements_per_order": round((self.frappe.db.statements - statements) / orders, 2),
        }

    def _profile(self, options: argparse.Namespace) -> dict[str, Any]:
        self.single(5)
        self.bulk(BULK)
        profiler = cProfile.Profile()
        profiler.enable()
        if options.profile == "single":
            self.single(options.orders)
        else:
            self.bulk(options.bulk)
        profiler.disable()
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(45)
        return {"profiled": options.profile}


class _Floor:
    """The same rows by plain SQL: copies of rows of the run under new names, balances and series updated as often."""

    def __init__(self, frappe: Any, rows_per_order: dict[str, int]) -> None:
        self.frappe = frappe
        self.statements: list[tuple[str, list[Any], int, int]] = []
        for doctype, count in rows_per_order.items():
            columns = frappe.db.get_table_columns(doctype)
            quoted = ", ".join(f"`{name}`" for name in columns)
            row = list(frappe.db.sql(f"select {quoted} from `tab{doctype}` order by creation desc limit 1")[0])
            query = f"INSERT INTO `tab{doctype}` ({quoted}) VALUES ({', '.join('?' * len(columns))})"
            unique = [n for n, name in enumerate(columns) if name in ("name", "hash", "order_key", "line_key")]
            self.statements.append((query, row, count, unique[0]))
        self.balances = [row[0] for row in frappe.db.sql("select name from `tabStock Balance` limit 500")]
        self.number = 0

    def _new(self, row: list[Any], position: int) -> tuple[Any, ...]:
        self.number += 1
        values = list(row)
        values[position] = f"floor-{self.number:09d}"
        return tuple(values)

    def _write(self, orders: int) -> None:
        db = self.frappe.db
        for query, row, count, position in self.statements:
            rows = [self._new(row, position) for _ in range(count * orders)]
            if orders == 1:
                for values in rows:
                    db.write(query, values)
            else:
                db.write_many(query, rows)
        updates = [(1, self.balances[(self.number + n) % len(self.balances)]) for n in range(LINES * 2 * orders)]
        statement = "UPDATE `tabStock Balance` SET `reserved` = `reserved` + ? WHERE `name` = ?"
        if orders == 1:
            for values in updates:
                db.write(statement, values)
        else:
            db.write_many(statement, updates)
        db.commit()

    def single(self, orders: int) -> float:
        """Give orders per second with a commit each, statement by statement."""
        return self._rate(orders, 1, range(orders))

    def bulk(self, orders: int) -> float:
        """Give orders per second with a commit per hundred, by executemany."""
        return self._rate(orders, BULK, range(0, orders, BULK))

    def _rate(self, orders: int, size: int, turns: Iterable[int]) -> float:
        start = time.perf_counter()
        for _ in turns:
            self._write(size)
        return round(orders / (time.perf_counter() - start), 1)


if __name__ == "__main__":
    raise SystemExit(main())
