"""Requests per second through gunicorn: the framework beside a bare WSGI function on the same server, in one run.

    env/bin/python benchmarks/http_requests.py [--seconds 3] [--connections 8] [--workers 2] [--db sqlite|mariadb]

The site, with the product, is made for the run. Figures are requests per second and the 50th and 99th percentile in
milliseconds, and the web servers' processor time per request (`cpu_ms`). `cpu_bound_per_s` is the processors divided by it: what
no machine of this kind gets beyond, and an idle one may come near to (SQLite has one writer; a database server's own time
is not counted). `ratio` is the share of what the bare server does in the same run. `client_cpu_ms` is the load generator's own
processor time per request, and `idle` the share of the machine's time that nobody used meanwhile: a rate below the bound with
processors idle is one that waits, for a lock or the disk. An order is one request: a POST that inserts it submitted. Printed as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from urllib.parse import quote

from frappe_engine.testing import temporary_site
from frappe_engine.testing.serving import free_port, served

HELLO = """
def application(environ, start_response):
    body = b'{"message":"pong"}'
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
"""
TOKEN = "token benchkey:benchsecret"
THREADS, SKUS = 4, 500
TARGETS = {  # requests per second and 99th percentile: four times the reference's rate, its median as our worst (2 workers, MariaDB)
    "ping": (596, 62),
    "list of 20 tasks": (648, 81),
    "list of 20 orders": (452, 70),
    "one order": (240, 142),
    "insert a task": (340, 98),
    "insert and submit an order": (200, 680),
}


@contextmanager
def bare_server(folder: str, workers: int) -> Iterator[int]:
    """Serve a function that only answers, with the same server and threads; give the port."""
    with open(os.path.join(folder, "hello_wsgi.py"), "w", encoding="utf-8") as file:
        file.write(HELLO)
    port = free_port()
    words = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", str(workers)]
    words += ["--threads", str(THREADS), "--log-level", "warning", "hello_wsgi:application"]
    process = subprocess.Popen(words, cwd=folder, env={**os.environ, "PYTHONPATH": folder}, start_new_session=True)
    try:
        _wait_for(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def request(method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
    """Write a request as it goes over the wire."""
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n{headers}{length}\r\n".encode()
        + body
    )


def measure(port: int, wires: Sequence[bytes], connections: int, seconds: float) -> dict[str, object]:
    """Send requests in turn, again and again, over keep-alive connections; give rate and percentiles."""
    turn = cycle(wires)
    times: list[list[float]] = [[] for _connection in range(connections)]
    stop = time.perf_counter() + seconds

    def talk(own: list[float]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() < stop:
                started = time.perf_counter()
                connection.sendall(next(turn))
                _read_answer(connection)
                own.append(time.perf_counter() - started)

    threads = [threading.Thread(target=talk, args=(own,)) for own in times]
    started, worked_s, own_s, machine = time.perf_counter(), server_cpu_s(), time.process_time(), machine_ticks()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, own_s = time.perf_counter() - started, time.process_time() - own_s
    idle, ticks = (after - before for before, after in zip(machine, machine_ticks(), strict=True))
    found = sorted(taken for own in times for taken in own)
    return {
        "per_s": round(len(found) / elapsed, 1),
        "p50_ms": round(found[len(found) // 2] * 1000, 2),
        "p99_ms": round(found[int(len(found) * 0.99)] * 1000, 2),
        "cpu_ms": round((server_cpu_s() - worked_s) / len(found) * 1000, 2),
        "client_cpu_ms": round(own_s / len(found) * 1000, 2),
        "idle": round(idle / max(ticks, 1), 2),
    }


def machine_ticks() -> tuple[int, int]:
    """Give how long the machine's processors were idle, and how long they have run in all."""
    with open("/proc/stat", encoding="utf-8") as file:
        values = [int(value) for value in file.readline().split()[1:]]
    return values[3] + values[4], sum(values[:8])


def server_cpu_s() -> float:
    """Give the processor time that the servers below this process have used."""
    parents, spent = {}, {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                with open(f"/proc/{entry.name}/stat", encoding="utf-8") as file:
                    values = file.read().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(values[1])
            spent[int(entry.name)] = int(values[11]) + int(values[12])
    below = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(spent[pid] for pid in below - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def _read_answer(connection: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _separator, rest = data.partition(b"\r\n\r\n")
    if not head.startswith((b"HTTP/1.1 2", b"HTTP/1.0 2")):
        raise RuntimeError(f"{head[:200]!r} {rest[:500]!r}")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(rest) < length:
        rest += _more(connection)


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise RuntimeError("the server hung up")
    return part


def prepare() -> dict[str, str]:
    """Fill the site: a user with a key, two hundred tasks, a company with stock and orders; give the names of one of each."""
    import frappe

    values = {"doctype": "User", "email": "bench@example.com", "first_name": "Bench", "send_welcome_email": 0}
    roles = [{"role": "System Manager"}, {"role": "EC Manager"}]
    user = frappe.get_doc({**values, "user_type": "System User", "roles": roles}).insert()
    user.update({"api_key": "benchkey", "api_secret": "benchsecret"})
    user.save()
    for number in range(200):
        task = frappe.get_doc({"doctype": "ToDo", "description": f"task {number}", "priority": "High"}).insert()
    for fields in (
        {"doctype": "Company", "company_name": "Bench", "abbr": "BE", "default_currency": "CNY"},
        {"doctype": "Warehouse", "warehouse_name": "Bench Main", "company": "Bench"},
        {"doctype": "Supplier", "supplier_name": "Maker"},
        {"doctype": "Customer", "customer_name": "Buyer"},
        *({"doctype": "SKU", "sku_code": f"B-{number}", "standard_rate": 10} for number in range(SKUS)),
    ):
        frappe.get_doc(fields).insert()
    stock = [{"sku": f"B-{number}", "qty": 1_000_000, "rate": 5, "warehouse": "Bench Main"} for number in range(SKUS)]
    receipt = {"doctype": "Purchase Receipt", "company": "Bench", "supplier": "Maker", "items": stock}
    frappe.get_doc(receipt).insert().submit()
    for number in range(200):
        order = frappe.get_doc({"doctype": "Sales Order", **order_of(number)}).insert()
    frappe.db.commit()
    return {"task": str(task.name), "order": str(order.name)}


def order_of(number: int) -> dict[str, object]:
    """Give the values of an order of two lines."""
    items = [{"sku": f"B-{(number + line) % SKUS}", "qty": 1, "rate": 10} for line in (0, 7)]
    return {"company": "Bench", "customer": "Buyer", "warehouse": "Bench Main", "items": items}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--db", choices=("sqlite", "mariadb"), default=os.environ.get("EC_TEST_DB") or "sqlite")
    chosen = options.parse_args()
    os.environ["EC_TEST_DB"] = chosen.db
    found: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder, bare_server(folder, chosen.workers) as port:
        measure(port, [request("GET", "/")], chosen.connections, 0.5)
        found["bare WSGI"] = measure(port, [request("GET", "/")], chosen.connections, chosen.seconds)
    with temporary_site(["ec_erp"]) as site:
        with site.connected():
            names = prepare()
        with served(site, workers=chosen.workers, threads=THREADS) as address:
            port = int(address.rsplit(":", 1)[1])
            for title, wires in requests(names).items():
                measure(port, wires, chosen.connections, 0.7)
                found[title] = measure(port, wires, chosen.connections, chosen.seconds)
    floor = float(str(found["bare WSGI"]["per_s"]))
    for title, figures in found.items():
        rate = float(str(figures["per_s"]))
        figures["ratio"] = round(rate / floor, 3)
        figures["cpu_bound_per_s"] = round(
            min(chosen.workers, os.cpu_count() or 1) * 1000 / float(str(figures["cpu_ms"]))
        )
        if title in TARGETS:
            figures["target_per_s"], figures["target_p99_ms"] = TARGETS[title]
    setting = {"workers": chosen.workers, "threads": THREADS, "connections": chosen.connections, "db": chosen.db}
    load = {"load_average": round(os.getloadavg()[0], 1), "processors": os.cpu_count()}
    print(json.dumps({**setting, **load, "requests": found}, indent=1))


def requests(names: dict[str, str]) -> dict[str, list[bytes]]:
    """Give the requests to measure; orders are of different SKUs in turn."""
    signed = f"Authorization: {TOKEN}\r\n"
    task_fields = quote(json.dumps(["name", "description", "status", "priority", "date", "modified"]))
    order_fields = quote(json.dumps(["name", "customer", "status", "grand_total", "order_datetime", "modified"]))
    task = json.dumps({"description": "a new task", "priority": "Low"}).encode()
    orders = [json.dumps({**order_of(number), "docstatus": 1}).encode() for number in range(SKUS)]
    sorting = "order_by=modified%20desc"
    return {
        "ping": [request("GET", "/api/method/ping")],
        "list of 20 tasks": [request("GET", f"/api/resource/ToDo?fields={task_fields}&{sorting}", headers=signed)],
        "list of 20 orders": [
            request("GET", f"/api/resource/Sales%20Order?fields={order_fields}&{sorting}", headers=signed)
        ],
        "one task": [request("GET", f"/api/resource/ToDo/{names['task']}", headers=signed)],
        "one order": [request("GET", f"/api/resource/Sales%20Order/{names['order']}", headers=signed)],
        "insert a task": [request("POST", "/api/resource/ToDo", task, headers=signed)],
        "insert and submit an order": [
            request("POST", "/api/resource/Sales%20Order", order, headers=signed) for order in orders
        ],
    }


if __name__ == "__main__":
    main()
