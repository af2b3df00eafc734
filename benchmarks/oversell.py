"""Many processes fighting for the same stock, some killed in the middle: is anything oversold, lost or doubled?

    env/bin/python benchmarks/oversell.py [--seconds 30] [--db sqlite|mariadb] [--seed 11]

64 writers on one SKU, then 16 writers that take 5 of 50 shared SKUs at a time: promising, giving back, delivering, each in a
transaction of its own. One is killed every 0.3 s. Printed as JSON: actions per second by kind, processes killed, how long an
action took at most, errors that reached a caller, contradictions in the stored state (both must be empty).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from frappe_engine.testing import temporary_site

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "scenarios"))
import stock_load


def main() -> int:
    """Run both loads and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--db", choices=("sqlite", "mariadb"), help="default: EC_TEST_DB")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    if options.db:
        os.environ["EC_TEST_DB"] = options.db
    common = {"seconds": options.seconds, "seed": options.seed}
    loads = {
        "64 writers on one SKU": stock_load.Load(64, skus=1, at_once=1, stock=2000, **common),
        "16 writers on 50 SKUs": stock_load.Load(16, skus=50, at_once=5, stock=300, **common),
    }
    figures = {name: _measure(load) for name, load in loads.items()}
    json.dump(
        {"db": os.environ.get("EC_TEST_DB") or "sqlite", "seed": options.seed, **figures},
        sys.stdout,
        indent=1,
        ensure_ascii=False,
    )
    print()
    return int(any(figure["errors"] or figure["faults"] for figure in figures.values()))


def _measure(load: stock_load.Load) -> dict[str, Any]:
    with temporary_site(["ec_erp"]) as site, tempfile.TemporaryDirectory() as folder:
        with site.connected():
            stock_load.prepare(load)
        outcome = stock_load.run(site, load, Path(folder))
        with site.connected():
            faults = stock_load.faults(load, outcome)
    return {
        "per_second": {kind: round(count / load.seconds, 1) for kind, count in sorted(outcome.answers.items())},
        "waited_s": {"median": outcome.waits[len(outcome.waits) // 2], "longest": outcome.waits[-1]},
        "killed": outcome.killed,
        "errors": outcome.errors,
        "faults": faults,
    }


if __name__ == "__main__":
    sys.exit(main())
