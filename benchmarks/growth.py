"""Does the order path slow down as the database grows? Rates with 10,000 and with 1,000,000 orders, in one run.

    env/bin/python benchmarks/growth.py [--small 10000] [--large 1000000] [--turns 7] [--db sqlite|mariadb]

Two sites get 10,000 orders through the app, as benchmarks/orders.py makes them. On one of them they are then copied by plain SQL,
day by day into the past: every row that an order left in any table, under new names and dates, so that the copies refer to each
other as the originals do; balances and heads of chains are brought to what the copies add up to, and the check of stock is asked
whether everything agrees. What copies do not have is a hash and a running balance of their own: nothing on the path reads
them, `verify-ledgers` would. The path and its floor (the same rows by plain SQL) are then measured on both sites in turns, so
that the noise of the machine meets both alike; what counts is the ratio within a turn. The processor's time is that of the app
and, where the server's process can be seen, of the database server. Printed as JSON, with every statement of the path that reads
a whole table, a trial balance, stock as of some moments, reports of stock, and the first page of the largest lists by every sort
that their columns offer.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from frappe_engine.testing import counted_statements, temporary_site

sys.path.insert(0, str(Path(__file__).resolve().parent))
import orders

SINGLE, IN_BULK, FLOOR_SINGLE, FLOOR_IN_BULK = 60, 500, 150, 1000  # orders of one turn
PAGE, SLOW_S = 20, 0.5
# Columns that hold names of documents of a series (`SO-261123-00001`); in copies the day in them is an earlier one.
SERIES = ("sales_order", "voucher_no", "reference_name", "parent")
# Columns that hold names of rows, which are different in every copy.
ROWS = ("sales_order_item", "voucher_line", "return_against_item", "root_line")
NUMBERED = ("Sales Order", "Delivery Note", "Payment Entry")
TIMED = ("Stock Ledger Entry", "GL Entry", "Order Log")  # their names rise with time: those of copies are lower
CHAINS = {"Stock Ledger Entry": "`sku`, `warehouse`", "GL Entry": "`chain`"}  # what their numbers count
COPIED = orders.LEDGERS
TRIAL_BALANCE = (
    "SELECT `account`, SUM(`debit`), SUM(`credit`) FROM `tabGL Entry`"
    " WHERE `company` = ? AND `posting_date` <= ? GROUP BY `account`"
)
PLAIN_SUM = "SELECT `sku`, SUM(`qty_change`) FROM `tabStock Ledger Entry` WHERE `posting_datetime` <= %s GROUP BY `sku`, `warehouse`"
LISTS = ("Sales Order", "Delivery Note", "GL Entry", "Stock Ledger Entry", "Stock Reservation")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=10_000, help="orders of the small site, made by the app")
    parser.add_argument("--large", type=int, default=1_000_000, help="orders of the large site")
    parser.add_argument("--turns", type=int, default=7, help="how often both sites are measured, one after the other")
    parser.add_argument("--db", choices=("sqlite", "mariadb"), help="default: EC_TEST_DB")
    options = parser.parse_args()
    if options.db:
        os.environ["EC_TEST_DB"] = options.db
    with temporary_site(["ec_erp"]) as small, temporary_site(["ec_erp"]) as large:
        figures = measure(small, large, options)
    json.dump(figures, sys.stdout, indent=1, default=str)
    print()
    return 0


def measure(small: Any, large: Any, options: argparse.Namespace) -> dict[str, Any]:
    """Fill both sites, copy orders in the large one, measure both in turns; give the figures."""
    sides = {"small": Side(small, options.small), "large": Side(large, options.small)}
    with large.connected():
        import frappe

        seconds = _timed(Copies(frappe, rounds=max(1, options.large // options.small - 1)).write)
        tell(f"copied in {seconds:.0f} s")
        asked = {
            "database": frappe.db.db_type,
            "orders": frappe.db.count("Sales Order"),
            "rows": {name: _count(frappe, name) for name in COPIED},
            "copied_s": round(seconds),
            "whole_tables_read": _whole_tables_read(frappe, sides["large"].shop),
            "contradictions": contradictions(),
            "trial_balance": trial_balance(frappe, sides["large"].shop.company),
            "stock_as_of": stock_as_of(frappe),
            "reports_s": reports(frappe, sides["large"].shop.company),
            "list_pages_ms": list_pages(frappe),
        }
    tell(json.dumps(asked, default=str))
    return {**asked, **measured_in_turns(sides, options.turns)}


class Side:
    """One of the two sites: with orders made by the app, and the floor that writes the same rows."""

    def __init__(self, site: Any, count: int) -> None:
        self.site = site
        with site.connected():
            import frappe

            frappe.flags.in_test = False
            self.shop = orders._Shop(frappe)
            seconds = _timed(lambda: self.shop.bulk(count))
            self.floor = orders._Floor(frappe, dict(_rows_of_an_order(self.shop)))
            tell(f"{count} orders by the app in {seconds:.0f} s")

    def turn(self) -> dict[str, dict[str, float]]:
        """Give orders per second of both ways and of their floors, by the clock and by the processor's time."""
        with self.site.connected():
            import frappe

            frappe.flags.in_test = False
            self.shop.single(3)
            self.shop.bulk(orders.BULK)
            return {
                "single": {
                    **_rates(lambda: self.shop.single(SINGLE), SINGLE),
                    "floor_per_s": self.floor.single(FLOOR_SINGLE),
                },
                "bulk": {
                    **_rates(lambda: self.shop.bulk(IN_BULK), IN_BULK),
                    "floor_per_s": self.floor.bulk(FLOOR_IN_BULK),
                },
            }


def measured_in_turns(sides: dict[str, Side], turns: int) -> dict[str, Any]:
    """Measure the sites in turns; give medians, and the medians of what each turn's large site is of its small one."""
    seen: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in sides}
    for number in range(turns):
        for name, side in sides.items():
            seen[name].append(side.turn())
            tell(f"turn {number + 1}, {name}: {seen[name][-1]}")
    figures: dict[str, Any] = {name: _medians(turns_of) for name, turns_of in seen.items()}
    pairs = list(zip(seen["small"], seen["large"], strict=True))
    figures["ratio"] = {
        way: {key: round(statistics.median(large[way][key] / small[way][key] for small, large in pairs), 3)
              for key in pairs[0][0][way]}
        for way in ("single", "bulk")
    }  # fmt: skip
    return figures


def _medians(turns: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        way: {key: round(statistics.median(turn[way][key] for turn in turns), 1) for key in turns[0][way]}
        for way in turns[0]
    }


def tell(text: str) -> None:
    """Say how far it is, beside the figures."""
    print(f"{datetime.now():%H:%M:%S} {text}", file=sys.stderr, flush=True)


# rates


def _rows_of_an_order(shop: Any) -> Iterator[tuple[str, int]]:
    before = shop._rows()
    shop.bulk(orders.BULK)
    for name, count in shop._rows().items():
        if count > before[name]:
            yield name, round((count - before[name]) / orders.BULK)


def _rates(work: Callable[[], None], count: int) -> dict[str, float]:
    processor, server = time.process_time(), server_seconds()
    seconds = _timed(work)
    processor, server = time.process_time() - processor, server_seconds() - server
    both = {"per_cpu_s_with_server": round(count / (processor + server), 1)} if server else {}
    return {"per_s": round(count / seconds, 1), "per_cpu_s": round(count / processor, 1), **both}


def server_seconds() -> float:
    """Give the processor's time that the database server has taken; nothing where there is none, or none on this machine."""
    import frappe

    if frappe.db.db_type == "sqlite":
        return 0.0
    file = Path(frappe.db.sql("select @@pid_file")[0][0])
    if not file.is_file():
        return 0.0
    spent = Path(f"/proc/{file.read_text().strip()}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _count(frappe: Any, doctype: str) -> int:
    return int(frappe.db.sql(f"select count(*) from `tab{doctype}`")[0][0])


# copies


class Copies:
    """The rows that orders left, once more for each of many earlier days."""

    def __init__(self, frappe: Any, rounds: int) -> None:
        self.frappe, self.rounds = frappe, rounds
        self.sqlite = frappe.db.db_type == "sqlite"
        name = frappe.db.sql("select name from `tabSales Order` where name like 'SO-%' limit 1")[0][0]
        self.day: str = name.split("-")[1]
        self.today: date = frappe.utils.getdate()

    def write(self) -> None:
        """Copy table by table, its indexes put aside meanwhile; then bring totals to what the copies add up to."""
        self._flush(always=False)
        for doctype in COPIED:
            if self.frappe.db.table_exists(doctype):
                seconds = _timed(lambda doctype=doctype: self._copy_table(doctype))
                tell(f"  {doctype}: {seconds:.0f} s")
        self._total_up()
        self.frappe.db.commit()
        self._flush(always=True)
        self.frappe.db.sql_ddl("ANALYZE" if self.sqlite else f"ANALYZE TABLE {', '.join(f'`tab{n}`' for n in COPIED)}")

    def _flush(self, *, always: bool) -> None:
        """Say whether SQLite waits for the disk at each commit; copies need not."""
        self.frappe.db.commit()
        if self.sqlite:
            self.frappe.db.execute(f"PRAGMA synchronous={'FULL' if always else 'OFF'}")

    def _copy_table(self, doctype: str) -> None:
        table = f"tab{doctype}"
        columns = self.frappe.db.get_table_columns(doctype)
        kinds = {row.name: row.type.lower() for row in self.frappe.db.get_table_columns_description(table)}
        quoted = ", ".join(f"`{name}`" for name in columns)
        where = self._originals(doctype)
        db, source = self.frappe.db, f"originals_{doctype.replace(' ', '_').lower()}"
        chained = f", COUNT(*) OVER (PARTITION BY {CHAINS[doctype]}) AS of_chain" if doctype in CHAINS else ""
        db.sql_ddl(f"CREATE TEMPORARY TABLE `{source}` AS SELECT {quoted}{chained} FROM `{table}` WHERE {where}")
        indexes = self._drop_indexes(table)
        for number in range(self.rounds, 0, -1):
            values = ", ".join(self._value(doctype, name, kinds[name], number) for name in columns)
            db.write(f"INSERT INTO `{table}` ({quoted}) SELECT {values} FROM `{source}`")
            db.commit()
        for statement in indexes:
            self.frappe.db.sql_ddl(statement)
        self.frappe.db.commit()

    def _originals(self, doctype: str) -> str:
        if doctype in NUMBERED:
            return f"name LIKE '%-{self.day}-%'"
        link = {"Stock Ledger Entry": "voucher_no", "GL Entry": "voucher_no", "Stock Reservation": "voucher_no",
                "Order Log": "sales_order"}.get(doctype, "parent")  # fmt: skip
        kinds = " OR ".join(f"`{link}` LIKE '{kind}-{self.day}-%'" for kind in ("SO", "DN", "PE"))
        return f"({kinds})"

    def _value(self, doctype: str, column: str, kind: str, number: int) -> str:
        """Give the expression that makes a column's value in the copy of ``number`` days ago."""
        day = f"{self.today - timedelta(days=number):%y%m%d}"
        if (column == "name" and doctype in NUMBERED) or column in SERIES:
            return f"REPLACE(`{column}`, '-{self.day}-', '-{day}-')"
        if column == "name" and doctype in TIMED:
            return self._joined(f"'00{self.rounds - number:04}'", "`name`")
        if column in ROWS or column == "name":
            return self._joined(f"`{column}`", f"'{number:04}'")  # nothing stays nothing
        if column == "seq":
            return f"`seq` + {number} * of_chain"
        if "date" in kind:
            return self._earlier(column, kind, number)
        return f"`{column}`"

    def _joined(self, *parts: str) -> str:
        return " || ".join(parts) if self.sqlite else f"CONCAT({', '.join(parts)})"

    def _earlier(self, column: str, kind: str, days: int) -> str:
        if not self.sqlite:
            return f"`{column}` - INTERVAL {days} DAY"
        rest = "" if kind == "date" else f" || substr(`{column}`, 11)"
        return f"date(`{column}`, '-{days} days'){rest}"

    def _drop_indexes(self, table: str) -> list[str]:
        """Drop the indexes of a table besides its key; give the statements that make them again."""
        found: dict[str, list[str]] = {}
        if self.sqlite:
            rows = self.frappe.db.sql(
                "select name, sql from sqlite_master where type = 'index' and tbl_name = %s and sql is not null", table
            )
            for name, _ in rows:
                self.frappe.db.sql_ddl(f"DROP INDEX `{name}`")
            return [statement for _, statement in rows]
        for row in self.frappe.db.sql(f"SHOW INDEX FROM `{table}`", as_dict=True):
            if row["Key_name"] != "PRIMARY":
                unique = "" if row["Non_unique"] else "UNIQUE "
                found.setdefault(f"{unique}INDEX `{row['Key_name']}`", []).append(f"`{row['Column_name']}`")
        if not found:
            return []
        drops = ", ".join(f"DROP INDEX {name.split('INDEX ')[1]}" for name in found)
        self.frappe.db.sql_ddl(f"ALTER TABLE `{table}` {drops}")
        adds = ", ".join(f"ADD {name} ({', '.join(columns)})" for name, columns in found.items())
        return [f"ALTER TABLE `{table}` {adds}"]

    def _total_up(self) -> None:
        """Bring balances, chains and running figures to what the entries add up to."""
        sql = self.frappe.db.sql
        rows = sql("select sku, warehouse, sum(qty_change), sum(value_change), count(*), max(seq)"
                   " from `tabStock Ledger Entry` group by sku, warehouse")  # fmt: skip
        for sku, warehouse, qty, value, _count, last in rows:
            sql("update `tabStock Balance` set on_hand = %s, available = %s, value = %s, entry_count = %s where name = %s",
                [qty, qty, round(float(value), 2), last, f"{sku}|{warehouse}"])  # fmt: skip
        for chain, last in sql("select chain, max(seq) from `tabGL Entry` group by chain"):
            sql("update `tabLedger Chain` set head_seq = %s where name = %s", [last, chain])


# plans


def _whole_tables_read(frappe: Any, shop: Any) -> list[str]:
    """Give the statements of the path that read a whole large table, as the database plans them."""
    with counted_statements() as seen:
        shop.single(2)
        shop.bulk(orders.BULK)
    found = set()
    for query in dict.fromkeys(seen.queries):
        if query.lstrip()[:6].upper() in ("SELECT", "UPDATE", "DELETE"):
            found.update(_scans(frappe, query))
    frappe.db.commit()
    return sorted(found)


def _scans(frappe: Any, query: str) -> Iterator[str]:
    text = query.replace(" FOR UPDATE", "")
    explain = "EXPLAIN QUERY PLAN " if frappe.db.db_type == "sqlite" else "EXPLAIN "
    cursor = frappe.db.execute(explain + text, ["x"] * text.count("?"))
    names = [column[0].lower() for column in cursor.description]
    for row in (dict(zip(names, values, strict=True)) for values in cursor.fetchall()):
        shown = f"{row.get('detail', '')} {row.get('table', '')}"
        large = [name for name in COPIED if f"tab{name}" in shown]
        whole = str(row.get("detail", "")).startswith("SCAN") or row.get("type") in ("ALL", "index")
        if large and whole:
            yield f"{large[-1]}: {' '.join(text.split())[:300]}"


# what people ask for


def trial_balance(frappe: Any, company: str) -> dict[str, Any]:
    """Add up debits and credits of every account over the whole ledger; give rows and seconds."""
    values = [company, frappe.utils.getdate()]
    seconds = [_timed(lambda: frappe.db.execute(TRIAL_BALANCE, values).fetchall()) for _ in range(3)]
    debit, credit = (
        round(sum(float(row[at]) for row in frappe.db.execute(TRIAL_BALANCE, values).fetchall()), 2) for at in (1, 2)
    )
    return {
        "rows": _count(frappe, "GL Entry"),
        "seconds": round(statistics.median(seconds), 3),
        "first_s": round(seconds[0], 3),
        "balanced": debit == credit,
    }


def contradictions() -> int:
    """Give how many figures of stock contradict the rows that they are sums of, as the nightly check sees it."""
    from ec_erp.inventory.store.checks import load_contradictions

    found = load_contradictions()
    for one in found[:10]:
        tell(f"contradiction: {one}")
    return len(found)


def stock_as_of(frappe: Any) -> dict[str, Any]:
    """Put the ledger into checkpoints, ask for everything at three moments; give seconds, and whether plain sums agree."""
    from ec_erp.inventory.flows import history
    from ec_erp.inventory.store.history import add_checkpoints

    names = frappe.get_all("Stock Balance", pluck="name")
    filled = _timed(lambda: [add_checkpoints(names[at : at + 50], 10**9) for at in range(0, len(names), 50)])
    frappe.db.commit()
    first = frappe.db.sql("select min(posting_datetime) from `tabStock Ledger Entry`")[0][0]
    first, now = frappe.utils.get_datetime(first), frappe.utils.now_datetime()
    moments = [first + (now - first) * part + timedelta(hours=2) for part in (0.2, 0.5, 0.9)]
    found: dict[str, Any] = {"checkpoints_s": round(filled, 1), "seconds": [], "agrees": True}
    for moment in moments:
        found["seconds"].append(_best(lambda moment=moment: history.stock_as_of(moment)))
        asked = {(row["sku"], round(row["qty"], 6)) for row in history.stock_as_of(moment)}
        plain = frappe.db.sql(PLAIN_SUM, [moment])
        found["agrees"] &= asked == {(sku, round(float(qty), 6)) for sku, qty in plain}
    return found


def reports(frappe: Any, company: str) -> dict[str, float]:
    """Give seconds of each report of stock over the company's warehouses."""
    names = ("stock_as_of", "stock_ageing", "slow_stock", "stock_turnover", "out_of_stock", "oversold_stock")
    found = {}
    for name in names:
        execute = frappe.get_attr(f"ec_erp.inventory.report.{name}.{name}.execute")
        found[name] = _best(lambda execute=execute: execute({"company": company}))
        tell(f"  {name}: {found[name]} s")
    return found


def _best(work: Callable[[], Any]) -> float:
    return round(min(_timed(work) for _ in range(3)), 3)


def list_pages(frappe: Any) -> dict[str, dict[str, float]]:
    """Give milliseconds of the first page of large lists by every sort that their columns offer, both ways."""
    found: dict[str, dict[str, float]] = {}
    for doctype in LISTS:
        meta = frappe.get_meta(doctype)
        shown = [field.fieldname for field in meta.fields if field.in_list_view]
        offered = [name for name in shown if _is_offered(meta, name)]
        for column in dict.fromkeys(
            ["modified", *(["creation"] if meta.sort_field == "creation" else []), "name", *offered]
        ):
            for order in ("desc", "asc"):
                tie = "" if column == "name" else f", `name` {order}"  # as the desk asks
                page = functools.partial(
                    frappe.get_list, doctype, fields=["name", *shown], order_by=f"`{column}` {order}{tie}", limit=PAGE
                )
                page()
                found.setdefault(doctype, {})[f"{column} {order}"] = round(
                    1000 * min(_timed(page) for _ in range(3)), 1
                )
    return found


def _is_offered(meta: Any, column: str) -> bool:
    """Tell whether the desk offers to sort by a column: those of journals need an index."""
    return not (meta.in_create and meta.sort_field == "creation") or bool(meta.get_field(column).search_index)


if __name__ == "__main__":
    sys.exit(main())
