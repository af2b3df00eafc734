"""Tens of thousands of random operations, then everything that is stored rebuilt from ledgers and documents and compared.

    env/bin/python benchmarks/replay.py [--operations 50000] [--seed 1] [--db sqlite|mariadb] [--minutes 15]

Operations are those of tests/scenarios/random_trade.py: purchases with landed costs, orders (presale, cash on delivery, of platforms
with changes and refunds), reservations, merges, splits, waves, picks, checks, parcels, deliveries in parts, returns, transfers, counts,
batches, serial numbers, quotas, payments and prepayments, backdated documents, and cancelling each of them; refused ones count.
With --minutes no operation begins after so long. Printed as JSON: how many were done and refused by kind, unexpected errors,
differences, faults of the ledgers (all three must be empty), rows, seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from frappe_engine.testing import temporary_site

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "scenarios"))
from random_trade import Trade

COUNTED = (
    "Stock Ledger Entry", "GL Entry", "Sales Order", "Stock Reservation", "Delivery Note", "Purchase Receipt", "Payment Entry",
    "Stock Transfer", "Stock Count", "Stock Entry", "Wave", "Parcel", "Put Back Task", "Serial No", "Platform Order", "Platform Refund",
    "Payment Request", "Landed Cost",
)  # fmt: skip


def main() -> int:
    """Operate, rebuild, print; the status is 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--db", choices=("sqlite", "mariadb"), help="default: EC_TEST_DB")
    options = parser.parse_args()
    if options.db:
        os.environ["EC_TEST_DB"] = options.db
    with temporary_site(["ec_erp"]) as site, site.connected():
        import frappe

        frappe.flags.in_test = False
        figures = measure(frappe, options)
    json.dump(figures, sys.stdout, indent=1, ensure_ascii=False)
    print()
    return int(any(figures[name] for name in ("errors", "differences", "faults")))


def measure(frappe: Any, options: argparse.Namespace) -> dict[str, Any]:
    """Do the operations and the replay; give the figures."""
    from ec_erp.posting.flows.verify import verify_ledgers
    from ec_erp.replay.flows import replay

    trade = Trade(frappe, options.seed)
    trade.prepare()
    start = time.perf_counter()
    number = 0
    while number < options.operations and time.perf_counter() - start < options.minutes * 60:
        number += 1
        trade.step()
        if number % 1000 == 0:
            print(f"{number} operations, {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    operated = time.perf_counter()
    differences = [str(found) for found in replay()]
    replayed = time.perf_counter()
    faults = [str(found) for found in verify_ledgers(lambda _stage: None)]
    return {
        "database": frappe.db.db_type,
        "seed": options.seed,
        "operations": number,
        "done": trade.done.total(),
        "refused": trade.refused.total(),
        "seconds": {"operations": round(operated - start), "replay": round(replayed - operated, 1),
                    "chains": round(time.perf_counter() - replayed, 1)},
        "rows": {name: frappe.db.count(name) for name in COUNTED},
        "errors": trade.errors[:20],
        "differences": differences[:50],
        "faults": faults[:50],
        "done_by_kind": dict(trade.done.most_common()),
        "refused_by_reason": dict(trade.reasons.most_common()),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
