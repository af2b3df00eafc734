"""What the framework's everyday calls take, beside a floor of raw SQL in the same run.

    env/bin/python benchmarks/engine.py [--db sqlite|mariadb] [--rounds 5] [--profile NAME]

Documents are of a DocType with 157 fields and a table of 2 rows. Every figure is the median of several rounds; times in
milliseconds (`_ms`) or microseconds (`_us`), rates per second (`_per_s`). `floor` is the same rows read or written by plain
statements on the same connection, `ratio` how a rate compares with its floor, `target` what is aimed at and `met`
whether it is. Printed as JSON.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from frappe_engine.testing import temporary_site
from frappe_engine.testing.statements import counted_statements

FIELDS = 157
SMALL = 300
TODOS = 1000
USER = "bench@example.com"
KINDS = (
    "Data",
    "Small Text",
    "Check",
    "Currency",
    "Small Text",
    "Int",
    "Date",
    "Text",
)  # what a large DocType is made of
VALUES = {"Check": 1, "Currency": 12.5, "Int": 7, "Date": "2024-02-29"}


def main() -> int:
    """Measure and print."""
    options = arguments()
    if options.db:
        os.environ["EC_TEST_DB"] = options.db
    figures: dict[str, Any] = {"database": os.environ.get("EC_TEST_DB", "sqlite")}
    began = time.perf_counter()
    with temporary_site() as site:
        figures["site_from_template_s"] = round(time.perf_counter() - began, 2)
        with site.connected():
            import frappe

            frappe.flags.in_test = False
            bench = Bench(frappe, options.rounds)
            bench.prepare()
            if options.profile:
                profile(getattr(bench, options.profile))
                return 0
            figures.update(bench.measure())
        figures.update(fresh_processes(site, bench.big))
        figures.update(new_sites(site.sites_path))
    json.dump(figures, sys.stdout, indent=1)
    print()
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", choices=("sqlite", "mariadb"), help="default: EC_TEST_DB")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", help="name of a measurement (get_doc, insert_each …): print where its time goes")
    return parser.parse_args()


def profile(act: Callable[[], Any]) -> None:
    """Print where the time of one measurement goes."""
    profiler = cProfile.Profile()
    profiler.runcall(act)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)


def target(figure: dict[str, Any], name: str, limit: float, *, at_least: bool = False) -> dict[str, Any]:
    """Add what is aimed at, and whether it is met, to a figure."""
    value = figure[name]
    sign = ">=" if at_least else "<="
    return {**figure, "target": f"{name} {sign} {limit}", "met": value >= limit if at_least else value <= limit}


class Bench:
    """A site with documents to read and write, and the measurements on it."""

    def __init__(self, frappe: Any, rounds: int) -> None:
        self.frappe = frappe
        self.rounds = rounds
        self.big = ""
        self.number = 0

    def prepare(self) -> None:
        """Make the DocTypes, a large document, 1,000 small ones and a user with ordinary rights."""
        frappe = self.frappe
        data = [
            {"fieldname": f"field_{n}", "fieldtype": KINDS[n % len(KINDS)], "label": f"F {n}"}
            for n in range(FIELDS - 7)
        ]
        table = {"fieldname": "rows", "fieldtype": "Table", "options": "Bench Row", "label": "Rows"}
        rows = [{"fieldname": f"cell_{n}", "fieldtype": "Data", "label": f"C {n}"} for n in range(20)]
        rights = [{"role": "System Manager", **dict.fromkeys(["read", "write", "create", "delete"], 1)}]
        common = {"doctype": "DocType", "module": "Core", "custom": 1}
        frappe.get_doc({**common, "name": "Bench Row", "istable": 1, "fields": rows}).insert()
        frappe.get_doc({**common, "name": "Bench Doc", "fields": [*data, table], "permissions": rights}).insert()
        values = {field["fieldname"]: VALUES.get(field["fieldtype"], f"value {field['label']}") for field in data}
        self.big = (
            frappe.get_doc({"doctype": "Bench Doc", **values, "rows": [{"cell_1": "a"}, {"cell_2": "b"}]}).insert().name
        )
        person = {
            "doctype": "User",
            "email": USER,
            "first_name": "Bench",
            "send_welcome_email": 0,
            "user_type": "System User",
        }
        frappe.get_doc({**person, "roles": [{"role": "System Manager"}]}).insert()
        for _number in range(TODOS):
            self.todo().insert()
        frappe.db.commit()
        self.settle()

    def settle(self) -> None:
        """Let MariaDB count what was just written, as it does by itself after a while: until then it sorts whole tables."""
        if not self.frappe.db.is_sqlite:
            for doctype in ("ToDo", "Bench Doc", "Bench Row"):
                self.frappe.db.sql_ddl(f"analyze table {self.quoted(doctype)}")

    def todo(self) -> Any:
        """Give a new small document."""
        self.number += 1
        return self.frappe.get_doc({"doctype": "ToDo", "description": f"number {self.number}", "allocated_to": USER})

    def measure(self) -> dict[str, Any]:
        """Take all measurements."""
        return {
            "get_doc": self.of_get_doc(),
            "get_doc_after_clear_cache": self.of_cold_get_doc(),
            "insert_commit_each": self.of_inserts(each=True),
            "insert_commit_per_100": self.of_inserts(each=False),
            "get_list_20": self.of_get_list(),
            "get_all_1000": self.of_get_all(),
            "get_cached_doc": self.of_cached_doc(),
            "get_value": self.of_get_value(),
        }

    # single measurements, also the names for --profile

    def get_doc(self) -> None:
        """Read the large document 100 times."""
        for _time in range(100):
            self.frappe.get_doc("Bench Doc", self.big)

    def get_list(self) -> None:
        """Ask for 20 rows of 6 fields 100 times, as an ordinary user."""
        fields = ["name", "status", "priority", "date", "allocated_to", "modified"]
        for _time in range(100):
            self.frappe.get_list("ToDo", fields=fields, filters={"status": "Open"}, limit_page_length=20)

    def get_all(self) -> None:
        """Ask for 1,000 rows of 4 fields 10 times."""
        for _time in range(10):
            self.frappe.get_all("ToDo", fields=["name", "status", "priority", "modified"], limit=1000)

    def get_value(self) -> None:
        """Ask for a value by name 1,000 times."""
        get_value, name = self.frappe.db.get_value, self.big
        for _time in range(1000):
            get_value("Bench Doc", name, "field_1")

    def cached_doc(self) -> None:
        """Ask for a document that the process keeps 10,000 times."""
        get_cached_doc, name = self.frappe.get_cached_doc, self.big
        for _time in range(10_000):
            get_cached_doc("Bench Doc", name)

    def insert_each(self) -> None:
        """Insert 300 small documents, with a commit after each."""
        for _time in range(SMALL):
            self.todo().insert()
            self.frappe.db.commit()

    def insert_hundreds(self) -> None:
        """Insert 300 small documents, with a commit after 100."""
        for number in range(1, SMALL + 1):
            self.todo().insert()
            if number % 100 == 0:
                self.frappe.db.commit()

    # figures

    def seconds(self, act: Callable[[], Any]) -> float:
        """Give the median time of an action, after a first time that does not count."""
        act()
        taken = []
        for _round in range(self.rounds):
            began = time.perf_counter()
            act()
            taken.append(time.perf_counter() - began)
        return median(taken)

    def beside(self, act: Callable[[], Any], raw: Callable[[], Any]) -> tuple[float, float, float]:
        """Give the median times of an action and of its floor, taken in turns, and the median of floor to action."""
        taken: list[tuple[float, float]] = []
        for round_number in range(self.rounds + 1):
            began = time.perf_counter()
            raw()
            between = time.perf_counter()
            act()
            if round_number:  # the first time does not count
                taken.append((time.perf_counter() - between, between - began))
        times, floors = zip(*taken, strict=True)
        return median(times), median(floors), median(floor / time_taken for time_taken, floor in taken)

    @staticmethod
    def processor_us(act: Callable[[], Any], times: int) -> float:
        """Give the processor time of this process that each of `times` things takes which an action does."""
        began = time.process_time()
        act()
        return round((time.process_time() - began) / times * 1e6, 1)

    def of_get_doc(self) -> dict[str, Any]:
        """A large document with two rows, warm."""
        self.frappe.get_doc("Bench Doc", self.big)
        with counted_statements() as seen:
            self.frappe.get_doc("Bench Doc", self.big)
        statements = len(seen)
        table = self.quoted("Bench Doc"), self.quoted("Bench Row")

        def raw() -> None:
            for _time in range(100):
                self.frappe.db.rows(f"SELECT * FROM {table[0]} WHERE name = ?", (self.big,))
                self.frappe.db.rows(f"SELECT * FROM {table[1]} WHERE parent = ? ORDER BY idx", (self.big,))

        figure = {"ms": round(self.seconds(self.get_doc) * 10, 3), "floor_ms": round(self.seconds(raw) * 10, 3)}
        return {**target(figure, "ms", 0.8), "statements": statements}

    def of_cold_get_doc(self) -> dict[str, Any]:
        """The same right after the caches were cleared."""

        taken = []
        for _round in range(self.rounds * 2):
            self.frappe.clear_cache()
            began = time.perf_counter()
            self.frappe.get_doc("Bench Doc", self.big)
            taken.append(time.perf_counter() - began)
        return target({"ms": round(median(taken) * 1000, 2)}, "ms", 10)

    def of_inserts(self, *, each: bool) -> dict[str, Any]:
        """Small documents, beside their rows written by plain statements with as many commits."""
        act = self.insert_each if each else self.insert_hundreds
        self.todo().insert()
        with counted_statements() as seen:
            self.todo().insert()
        self.frappe.db.commit()
        taken, floor, ratio = self.beside(act, lambda: self.raw_inserts(each=each))
        figure = {"per_s": round(SMALL / taken), "floor_per_s": round(SMALL / floor), "statements": len(seen)}
        figure["ratio"] = round(ratio, 2)
        figure["cpu_us"] = self.processor_us(act, SMALL)  # of this process: what another load does not change much
        return target(figure, "ratio", 0.6, at_least=True) if each else target(figure, "per_s", 2500, at_least=True)

    def raw_inserts(self, *, each: bool) -> None:
        """Write the row of a small document with plain statements, by the driver alone."""
        database = self.frappe.db
        names = list(database.get_table_columns("ToDo"))
        values = list(database.rows(f"SELECT * FROM {self.quoted('ToDo')} LIMIT 1")[0])
        columns = ", ".join(f"`{name}`" for name in names)
        statement = f"INSERT INTO {self.quoted('ToDo')} ({columns}) VALUES ({', '.join('?' * len(names))})"
        place = names.index("name")
        database.commit()
        cursor = database.raw.cursor()
        for number in range(1, SMALL + 1):
            self.number += 1
            values[place] = f"raw-{self.number}-{id(self)}"
            if database.is_sqlite and not database.raw.in_transaction:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(statement, values)
            if each or number % 100 == 0:
                database.raw.commit()
        cursor.close()

    def of_get_list(self) -> dict[str, Any]:
        """A page of a list, for an ordinary user."""
        self.settle()  # thousands of rows were inserted since
        statement = (
            f"SELECT name, status, priority, date, allocated_to, modified FROM {self.quoted('ToDo')}"
            " WHERE status = ? ORDER BY modified DESC LIMIT 20"
        )

        def raw() -> None:
            for _time in range(100):
                self.frappe.db.rows(statement, ("Open",))

        self.frappe.set_user(USER)
        figure = {"ms": round(self.seconds(self.get_list) * 10, 3), "floor_ms": round(self.seconds(raw) * 10, 3)}
        self.frappe.set_user("Administrator")
        return target(figure, "ms", 0.4)

    def of_get_all(self) -> dict[str, Any]:
        """A thousand rows."""
        statement = (
            f"SELECT name, status, priority, modified FROM {self.quoted('ToDo')} ORDER BY modified DESC LIMIT 1000"
        )

        def raw() -> None:
            for _time in range(10):
                self.frappe.db.rows(statement)

        figure = {"ms": round(self.seconds(self.get_all) * 100, 2), "floor_ms": round(self.seconds(raw) * 100, 2)}
        return target(figure, "ms", 3)

    def of_cached_doc(self) -> dict[str, Any]:
        """A document that the process keeps."""
        return target({"us": round(self.seconds(self.cached_doc) * 100, 2)}, "us", 5)

    def of_get_value(self) -> dict[str, Any]:
        """One value of a document known by its name."""
        statement = f"SELECT field_1 FROM {self.quoted('Bench Doc')} WHERE name = ?"

        def raw() -> None:
            for _time in range(1000):
                self.frappe.db.rows(statement, (self.big,))

        figure = {"us": round(self.seconds(self.get_value) * 1000, 1), "floor_us": round(self.seconds(raw) * 1000, 1)}
        return target(figure, "us", 200)

    @staticmethod
    def quoted(doctype: str) -> str:
        """Give the table of a DocType."""
        return f"`tab{doctype}`"


IMPORT = "import time; t = time.process_time(); import frappe; print((time.process_time() - t) * 1000)"
FIRST = """
import time
import frappe
t = time.perf_counter()
frappe.init({site!r}, sites_path={sites!r})
frappe.connect()
frappe.get_doc("Bench Doc", {name!r})
print((time.perf_counter() - t) * 1000)
"""
WORKER = """
from frappe_engine.http.app import Application
from werkzeug.test import Client
client = Client(Application({sites!r}, {site!r}))
for _time in range(20):
    client.get("/api/method/ping")
    client.get("/api/resource/ToDo?limit_page_length=20")
    client.get("/login")
print(next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


NEW_SITE = """
import os
import time
from frappe_engine.cli import sites
from frappe_engine.context.config import get_site_config
from frappe_engine.context.local import current
from frappe_engine.documents.site import connect, init
from frappe_engine.testing import database

config = database.bench_config()
server = {{key: config.get(key) for key in ("db_host", "db_port", "db_socket")}}
password = config.get("root_password")
began = time.perf_counter()
sites.new_site(
    {site!r}, sites_path={sites!r}, db_type=config["db_type"], db_name={site!r}.replace(".", "_").replace("-", "_"),
    root_password=password, **server
)
made = time.perf_counter()
init({site!r}, {sites!r}, force=True)
connect()
sites.install_app({app!r})
installed = time.perf_counter()
current().db.close()
sites.remove_site({site!r}, sites_path={sites!r}, root_password=password)
print(made - began, installed - made)
"""
PRODUCT = "ec_erp"


def new_sites(sites_path: str, times: int = 3) -> dict[str, Any]:
    """Measure what it takes to make a site and to install the product on it."""
    with open(os.path.join(sites_path, "apps.txt"), "w", encoding="utf-8") as file:
        file.write(f"frappe\n{PRODUCT}\n")
    found = []
    for number in range(times):
        program = NEW_SITE.format(site=f"bench-{os.getpid()}-{number}.localhost", sites=sites_path, app=PRODUCT)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        found.append([float(word) for word in done.stdout.strip().splitlines()[-1].split()])
    made, installed = (round(median(column), 2) for column in zip(*found, strict=True))
    return {"new_site": target({"s": made}, "s", 5), "install_app": target({"s": installed}, "s", 10)}


def fresh_processes(site: Any, name: str) -> dict[str, Any]:
    """Measure what a process has to do before its first answer, and what a warm web worker occupies."""
    facts = {"site": site.name, "sites": str(site.sites_path), "name": name}
    return {
        "import": target({"ms": printed(IMPORT)}, "ms", 150),
        "first_document": target({"ms": printed(FIRST.format(**facts))}, "ms", 150),
        "web_worker": target({"mib": printed(WORKER.format(**facts), times=1)}, "mib", 90),
        "this_process_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def printed(program: str, times: int = 5) -> float:
    """Give the median of the number that a program prints, once Python has kept its modules compiled."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        found = [_number(program, environment) for _time in range(times + 1)]
    return round(median(found[1:]), 1)


def _number(program: str, environment: dict[str, str]) -> float:
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
