"""How much memory an import of many orders takes: a file of orders, and orders that a shop pushes, in processes of their own.

    env/bin/python benchmarks/import_memory.py [--orders 100000] [--pushed 20000] [--db sqlite|mariadb]

The file is written first (two lines an order, out of 500 SKUs), then imported as `bench import-orders` does, committing at each
step: orders, reservations, deliveries, both ledgers. Pushed orders come 100 at a time through the function that the API calls.
Printed as JSON: orders, seconds, resident memory at the start, after a tenth, at its peak (the highest that the process
ever held, in MiB).
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from frappe_engine.testing import temporary_site

HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
SKUS, BUYERS, AT_ONCE = 500, 2000, 100


def main() -> int:
    """Measure both ways and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=100_000, help="orders of the file")
    parser.add_argument("--pushed", type=int, default=20_000, help="orders that are pushed")
    parser.add_argument("--db", choices=("sqlite", "mariadb"), help="default: EC_TEST_DB")
    options = parser.parse_args()
    if options.db:
        os.environ["EC_TEST_DB"] = options.db
    ways: dict[str, tuple[Callable[..., Iterator[int]], int]] = {
        "file": (_import_file, options.orders),
        "pushed": (_push, options.pushed),
    }
    figures = {name: _alone(way, count) for name, (way, count) in ways.items() if count}
    json.dump({"database": os.environ.get("EC_TEST_DB") or "sqlite", **figures}, sys.stdout, indent=1)
    print()
    return 0


def _alone(way: Callable[..., Iterator[int]], count: int) -> dict[str, float]:
    """Measure one way in a process of its own; gives its figures."""
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    with temporary_site(["ec_erp"]) as site, tempfile.TemporaryDirectory() as folder:
        process = spawn.Process(target=_measure, args=(site, way, count, Path(folder), answers))
        process.start()
        while process.is_alive() and answers.empty():
            process.join(1)
        figures: dict[str, float] = answers.get(timeout=10)
        process.join()
    return figures


def _measure(site: Any, way: Callable[..., Iterator[int]], count: int, folder: Path, answers: Any) -> None:
    with site.connected():
        import frappe

        frappe.flags.in_test = False
        steps = way(frappe, count, folder)
        next(steps)  # everything is prepared
        at_start, at_a_tenth, started = _resident(), 0.0, time.perf_counter()
        for done in steps:
            if not at_a_tenth and done * 10 >= count:
                at_a_tenth = _resident()
            if done and done % 5000 == 0:
                print(f"{done} orders, {_resident():.0f} MiB", file=sys.stderr, flush=True)
        seconds = time.perf_counter() - started
        taken = frappe.db.count("Sales Order", {"docstatus": 1})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answers.put(
        {
            "orders": taken,
            "seconds": round(seconds),
            "orders_per_s": round(taken / seconds, 1),
            "start_mib": round(at_start),
            "tenth_mib": round(at_a_tenth),
            "end_mib": round(_resident()),
            "peak_mib": round(peak),
        }
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _import_file(frappe: Any, count: int, folder: Path) -> Iterator[int]:
    """Import a file; yields how many documents are done."""
    from ec_erp.channels.flows import importing

    file = folder / "orders.csv"
    _write_file(file, count)
    yield 0
    source = importing.source_for("online-retail", None)
    for step in importing.import_file(file, "online-retail", source, importing.Summary()):
        frappe.db.commit()
        yield step.done if step.stage == "documents" else 0


def _write_file(file: Path, count: int) -> None:
    chance, start = random.Random(3), datetime(2025, 1, 1)
    with file.open("w", newline="", encoding="utf-8") as text:
        rows = csv.writer(text)
        rows.writerow(HEADER)
        for number in range(count):
            moment, buyer = start + timedelta(minutes=number * 5), 10_000 + chance.randrange(BUYERS)
            for sku in chance.sample(range(SKUS), 2):
                day = f"{moment:%m-%d-%Y %H:%M}"
                price = 1 + sku % 90 / 10
                rows.writerow(
                    (600_000 + number, 20_000 + sku, f"THING {sku}", chance.randint(1, 4), day, price, buyer, "France")
                )


def _push(frappe: Any, count: int, folder: Path) -> Iterator[int]:  # noqa: ARG001  the shape of a way
    """Push orders; yields how many are done."""
    from ec_erp.channels.flows.pushing import push_orders

    make = lambda **values: frappe.get_doc(values).insert()  # noqa: E731  a word for six lines
    make(doctype="Company", company_name="Pushed", abbr="PU", default_currency="CNY")
    make(doctype="Warehouse", warehouse_name="Pushed Main", company="Pushed")
    make(doctype="Customer", customer_name="Any Buyer")
    make(doctype="Shop", shop_name="Pushed Shop", company="Pushed", platform="own", default_warehouse="Pushed Main",
         default_customer="Any Buyer")  # fmt: skip
    rows = [{"sku": make(doctype="SKU", sku_code=f"P-{n}").name, "qty": 10**6, "rate": 3} for n in range(50)]
    make(doctype="Stock Entry", company="Pushed", reason="Opening Stock", warehouse="Pushed Main", items=rows).submit()
    frappe.db.commit()
    chance = random.Random(4)
    yield 0
    for start in range(0, count, AT_ONCE):
        push_orders("Pushed Shop", [_payload(chance, start + at) for at in range(AT_ONCE)])
        frappe.db.commit()
        yield start + AT_ONCE


def _payload(chance: random.Random, number: int) -> dict[str, Any]:
    moment = str(datetime(2026, 1, 1) + timedelta(minutes=number))
    lines = [
        {
            "id": f"{number}-{sku}",
            "item_id": f"I{sku}",
            "outer_code": f"P-{sku}",
            "title": f"Thing {sku}",
            "qty": 1,
            "price": 9.9,
        }
        for sku in chance.sample(range(50), 2)
    ]
    receiver = {"name": "王小明", "phone": "13900001111", "province": "浙江省", "city": "杭州市", "district": "西湖区",
                "address": f"文一西路{number}号"}  # fmt: skip
    buyer = {"id": f"buyer-{number % BUYERS}", "name": "王小明"}
    return {"id": f"N-{number}", "status": "paid", "created": moment, "modified": moment, "buyer": buyer, "receiver": receiver,
            "lines": lines, "shipping_fee": 0}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
