"""Orders per second through the full path, beside the same rows written by raw SQL in the same run.

    env/bin/python benchmarks/orders.py [--orders 300] [--bulk 2000] [--db sqlite|mariadb] [--profile]

One order = 2 lines out of 500 SKUs: Sales Order (accepted, stock reserved), Delivery Note (stock and general ledger
posted), and Payment Entry where the app has one. `single` commits per order; `bulk` takes 100 orders per transaction.
Printed as JSON: rates per second, processor time, SQL statements and rows per order, ratios to the floor.

The floor is what a program would reach that knew everything beforehand: it reads nothing, checks nothing and calculates nothing, and
sends ready values to the driver's own cursor (on MariaDB written into the statement, which is faster than binding them), into the
same tables with all their columns and indexes, with as many commits and the same durability. Per order it writes

- every row that an order leaves (whole copies of rows of the run under new names; the run is refused where an order
  leaves rows in a table that is not in `LEDGERS`), one INSERT each, and
- what a step has to change of rows that were there before it: the number of each document's series (3), the head of the
  ledger's chain per posting (2), each line's balance when it is reserved and when it is delivered (4), and at the delivery
  the order, its lines and their reservations (5). What the path changes of rows that the same step has inserted is not
  counted: a program that knew everything would insert them so.

In bulk both sides of this go by `executemany`, series and chains once per transaction.
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
    "GL Entry", "Payment Entry", "Payment Entry Reference", "Order Log",
)  # fmt: skip
# What steps change of rows that were there before them, per order: (table, assignment, rows).
DOCUMENTS, POSTINGS = 3, 2
CHANGED_BEFORE = (
    ("Series", "`current` = `current` + ?", DOCUMENTS),
    ("Ledger Chain", "`head_seq` = `head_seq` + ?", POSTINGS),
    ("Stock Balance", "`reserved` = `reserved` + ?", 2 * LINES),
)
CHANGED_AT_DELIVERY = (
    ("Sales Order", "`delivered_percent` = `delivered_percent` + ?"),
    ("Sales Order Item", "`delivered_qty` = `delivered_qty` + ?"),
    ("Stock Reservation", "`consumed_qty` = `consumed_qty` + ?"),
)
ONCE_PER_TRANSACTION = ("Series", "Ledger Chain")


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
        self._refuse_other_tables()
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

    def _refuse_other_tables(self) -> None:
        """Raise where an order leaves rows that the floor would not write."""
        before = self._count(self.frappe.db.get_tables(cached=False))
        self.single(1)
        grown = {name for name, count in self._count(before).items() if count > before[name]}
        if grown - {f"tab{name}" for name in LEDGERS}:
            raise RuntimeError(f"the floor leaves out {grown}")

    def _count(self, tables: Iterable[str]) -> dict[str, int]:
        return {name: self.frappe.db.sql(f"select count(*) from `{name}`")[0][0] for name in tables}

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
    """The same rows by plain SQL, as the module says."""

    def __init__(self, frappe: Any, rows_per_order: dict[str, int]) -> None:
        self.frappe = frappe
        self.inserts: list[tuple[str, str, list[Any], int, int]] = []
        for doctype, count in rows_per_order.items():
            columns = frappe.db.get_table_columns(doctype)
            quoted = ", ".join(f"`{name}`" for name in columns)
            row = list(frappe.db.sql(f"select {quoted} from `tab{doctype}` order by creation desc limit 1")[0])
            query = f"INSERT INTO `tab{doctype}` ({quoted}) VALUES ({', '.join('?' * len(columns))})"
            self.inserts.append((doctype, query, row, count, columns.index("name")))
        self.changed = [
            (table, f"UPDATE `tab{table}` SET {change} WHERE `name` = ?", count, self._names(table))
            for table, change, count in CHANGED_BEFORE
        ]
        self.at_delivery = {
            table: f"UPDATE `tab{table}` SET {change} WHERE `name` = ?" for table, change in CHANGED_AT_DELIVERY
        }
        self.number = 0
        frappe.db.commit()

    def _names(self, table: str) -> list[str]:
        return [row[0] for row in self.frappe.db.sql(f"select name from `tab{table}` order by name limit 500")]

    def _write(self, orders: int) -> None:
        driver = _Driver(self.frappe.local.db)
        write = driver.one_by_one if orders == 1 else driver.together
        driver.begin()
        updates: list[tuple[str, list[tuple[Any, ...]]]] = []
        for doctype, query, row, count, position in self.inserts:
            rows = [self._new(row, position) for _ in range(count * orders)]
            write(query, rows)
            if doctype in self.at_delivery:
                updates.append((self.at_delivery[doctype], [(1, row[position]) for row in rows]))
        for table, query, count, names in self.changed:
            times = count * (1 if table in ONCE_PER_TRANSACTION else orders)
            updates.append((query, [(1, names[(self.number + n) % len(names)]) for n in range(times)]))
        for query, values in updates:
            write(query, values)
        driver.commit()

    def _new(self, row: list[Any], position: int) -> tuple[Any, ...]:
        self.number += 1
        values = list(row)
        values[position] = f"floor-{self.number:09d}"
        return tuple(values)

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


class _Driver:
    """The driver's own cursor, without anything of ours between."""

    def __init__(self, db: Any) -> None:
        self.raw, self.is_sqlite, self.with_values = (
            db.raw,
            db.is_sqlite,
            None if db.is_sqlite else db.driver.with_values,
        )
        self.cursor = self.raw.cursor()

    def begin(self) -> None:
        """Start a transaction; MariaDB's begins by itself."""
        if self.is_sqlite:
            self.cursor.execute("BEGIN IMMEDIATE")

    def one_by_one(self, query: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Send a statement per row."""
        for values in rows:
            if self.with_values is None:
                self.cursor.execute(query, values)
            else:
                self.cursor.execute(self.with_values(query, values))

    def together(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        """Send the rows at once."""
        self.cursor.executemany(query, rows)

    def commit(self) -> None:
        """End the transaction."""
        self.raw.commit()
        self.cursor.close()


if __name__ == "__main__":
    raise SystemExit(main())
