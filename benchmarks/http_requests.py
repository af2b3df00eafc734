"""Requests per second through gunicorn: the framework beside a bare WSGI function on the same server, in one run.

    env/bin/python benchmarks/http_requests.py [--seconds 3] [--connections 8] [--workers 2] [--db sqlite|mariadb]

The site is made for the run. Figures are requests per second and the 50th and 99th percentile in milliseconds; `ratio`
is the share of what the bare server does. Printed as JSON.
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
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from frappe_engine.testing import temporary_site

HELLO = """
def application(environ, start_response):
    body = b'{"message":"pong"}'
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
"""
TOKEN = "token benchkey:benchsecret"


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: str, target: str, workers: int) -> Iterator[int]:
    """Serve a WSGI application with gunicorn (threads) in `folder`; give the port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-b",
        f"127.0.0.1:{port}",
        "-k",
        "gthread",
        "-w",
        str(workers),
        "--threads",
        "4",
    ]
    paths = os.pathsep.join([folder, *(path for path in sys.path if path)])
    process = subprocess.Popen(
        [*command, "--log-level", "warning", target],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )
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


def measure(port: int, wire: bytes, connections: int, seconds: float) -> dict[str, float]:
    """Send a request again and again over keep-alive connections; give rate and percentiles."""
    times: list[list[float]] = [[] for _connection in range(connections)]
    stop = time.perf_counter() + seconds

    def talk(own: list[float]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() < stop:
                started = time.perf_counter()
                connection.sendall(wire)
                _read_answer(connection)
                own.append(time.perf_counter() - started)

    threads = [threading.Thread(target=talk, args=(own,)) for own in times]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    found = sorted(taken for own in times for taken in own)
    return {
        "per_s": round(len(found) / elapsed, 1),
        "p50_ms": round(found[len(found) // 2] * 1000, 2),
        "p99_ms": round(found[int(len(found) * 0.99)] * 1000, 2),
    }


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


def prepare() -> str:
    """Fill the site: a user with a key, a role, two hundred tasks; give the name of one."""
    import frappe

    values = {"doctype": "User", "email": "bench@example.com", "first_name": "Bench", "send_welcome_email": 0}
    user = frappe.get_doc({**values, "user_type": "System User", "roles": [{"role": "System Manager"}]}).insert()
    user.update({"api_key": "benchkey", "api_secret": "benchsecret"})
    user.save()
    for number in range(200):
        task = frappe.get_doc({"doctype": "ToDo", "description": f"task {number}", "priority": "High"}).insert()
    frappe.db.commit()
    return str(task.name)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "hello_wsgi.py"), "w", encoding="utf-8") as file:
            file.write(HELLO)
        with served(folder, "hello_wsgi:application", chosen.workers) as port:
            measure(port, request("GET", "/"), chosen.connections, 0.5)
            found["bare WSGI"] = measure(port, request("GET", "/"), chosen.connections, chosen.seconds)
    with temporary_site() as site:
        with site.connected():
            name = prepare()
        with served(site.sites_path, "frappe.app:application", chosen.workers) as port:
            extra = f"X-Frappe-Site-Name: {site.name}\r\n"
            for title, wire in requests(name, extra).items():
                measure(port, wire, chosen.connections, 0.7)
                found[title] = measure(port, wire, chosen.connections, chosen.seconds)
    floor = found["bare WSGI"]["per_s"]
    for figures in found.values():
        figures["ratio"] = round(figures["per_s"] / floor, 3)
    print(json.dumps({"workers": chosen.workers, "connections": chosen.connections, "requests": found}, indent=1))


def requests(name: str, site: str) -> dict[str, bytes]:
    """Give the requests to measure."""
    signed = f"{site}Authorization: {TOKEN}\r\n"
    fields = quote(json.dumps(["name", "description", "status", "priority", "date", "modified"]))
    body = json.dumps({"description": "a new task", "priority": "Low"}).encode()
    return {
        "ping": request("GET", "/api/method/ping", headers=site),
        "list of 20 names": request("GET", "/api/resource/ToDo", headers=signed),
        "list of 20 x 6 fields": request(
            "GET", f"/api/resource/ToDo?fields={fields}&order_by=modified%20desc", headers=signed
        ),
        "one document": request("GET", f"/api/resource/ToDo/{name}", headers=signed),
        "insert": request("POST", "/api/resource/ToDo", body, headers=signed),
    }


if __name__ == "__main__":
    main()
