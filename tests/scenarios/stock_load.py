"""Many processes that promise, give back and deliver the same stock at once, some of them killed in the middle.

Each worker keeps a journal: a line before it asks for something, and another once the answer is committed. What the
journals say is compared with the database afterwards. Used by `test_no_oversell.py` and by `benchmarks/oversell.py`.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from frappe_engine.database.database import drop_pool

WAREHOUSE = "Load"
LINES_IN_COMMON = 40
FEWEST_KILLS = 4  # where the machine is too busy for them within the time, the load goes on


@dataclass(frozen=True)
class Load:
    """How many processes take how many SKUs at a time, out of how many, for how long; one is killed every so often.

    ``seed`` decides who is killed and what each writer asks for.
    """

    writers: int
    skus: int
    at_once: int
    seconds: float
    stock: int
    kill_every_s: float = 0.3
    seed: int = 11


@dataclass(frozen=True)
class Outcome:
    """What the journals say: answers by kind, lines asked for, lines whose promise was committed, errors shown to a user.

    ``waits`` are the seconds that each action took, waiting for others included, in rising order.
    """

    answers: Counter[str]
    asked: set[str]
    promised: dict[str, str]
    errors: list[str]
    killed: int
    waits: list[float]


def prepare(load: Load) -> None:
    """Make the company, the warehouse, the SKUs and their stock on the connected site, and commit."""
    import frappe
    from ec_erp.documents.sets import insert_many
    from ec_erp.inventory.flows import move_stock
    from ec_erp.inventory.types import Movement, StockKey, StockMove

    make = lambda **values: frappe.get_doc(values).insert()  # noqa: E731  a word for three lines
    make(doctype="Company", company_name="Load", abbr="L", default_currency="CNY")
    make(doctype="Warehouse", warehouse_name=WAREHOUSE, company="Load")
    insert_many([frappe.get_doc({"doctype": "SKU", "sku_code": sku}) for sku in sku_names(load)])
    moves = [
        StockMove(StockKey(sku, WAREHOUSE), Decimal(load.stock), sku, value=Decimal(load.stock))
        for sku in sku_names(load)
    ]
    move_stock([Movement(_voucher("OPENING"), tuple(moves))])
    frappe.db.commit()


def sku_names(load: Load) -> list[str]:
    """Return the names of the SKUs that are fought over."""
    return [f"LOAD-{number:03}" for number in range(load.skus)]


def run(site: Any, load: Load, folder: Path) -> Outcome:
    """Let the writers work on a prepared site, kill some and start others in their place; return what came of it."""
    drop_pool(
        site.config, site.sites_path, site.name
    )  # a fork that lets go of its parent's connection ends it for both
    forks = multiprocessing.get_context("fork")
    over = forks.RawValue("b", 0)  # without a lock, which a killed writer might hold
    number, killed = load.writers, 0
    rng = random.Random(load.seed)
    start = lambda at: forks.Process(target=_work, args=(site, load, folder / f"{at}.log", at, over))  # noqa: E731
    workers = [start(at) for at in range(load.writers)]
    for worker in workers:
        worker.start()
    end = time.monotonic() + load.seconds  # on a busy machine the start alone may take as long as all the rest
    while time.monotonic() < end or killed < FEWEST_KILLS:
        time.sleep(load.kill_every_s)
        victim = rng.choice([worker for worker in workers if worker.is_alive()] or workers)
        if victim.is_alive() and victim.pid:
            os.kill(victim.pid, signal.SIGKILL)
            killed += 1
            workers.append(start(number))
            workers[-1].start()
            number += 1
    over.value = 1
    for worker in workers:
        worker.join(120)
    return _read(folder, killed)


def _work(site: Any, load: Load, journal: Path, number: int, over: Any) -> None:
    """One worker's life, in a process of its own."""
    rng = random.Random(f"{load.seed}-{number}")
    with site.connected(), journal.open("a", buffering=1) as book:
        own: list[str] = []
        while not over.value:
            started = time.monotonic()
            try:
                _one_action(rng, load, book, number, own)
            except Exception as error:
                book.write(f"error {type(error).__name__} {str(error)[:200]!r}\n")
                raise
            book.write(f"took {time.monotonic() - started:.3f}\n")
    os._exit(0)  # nothing of the parent's clean-up belongs to a fork


def _one_action(rng: random.Random, load: Load, book: Any, number: int, own: list[str]) -> None:
    from ec_erp.documents.retry import in_transaction
    from ec_erp.inventory.errors import StockShortage

    chosen = rng.sample(sku_names(load), load.at_once)
    if own and rng.random() < 0.45:
        lines = own.pop(rng.randrange(len(own))).split(",")
        action = rng.choice(("release", "deliver"))
        in_transaction(lambda: _release(lines) if action == "release" else _deliver(lines, load))
        book.write(f"done {action} {','.join(lines)}\n")
        return
    shared = rng.random() < 0.1
    document = f"shared-{rng.randrange(LINES_IN_COMMON)}" if shared else f"{number}-{rng.randrange(10**9)}"
    lines = [f"{document}/{sku}" for sku in chosen]
    book.write(f"ask {','.join(lines)}\n")
    try:
        in_transaction(lambda: _reserve(document, lines, rng.randint(1, 3)))
    except StockShortage:
        book.write("done short -\n")
        return
    book.write(f"done reserve {','.join(lines)}\n")
    if not shared:
        own.append(",".join(lines))


def _reserve(document: str, lines: list[str], qty: int) -> None:
    from ec_erp.inventory.flows import reserve
    from ec_erp.inventory.types import ReservationRequest, StockKey

    requests = [
        ReservationRequest(document, line, StockKey(line.rsplit("/", 1)[1], WAREHOUSE), Decimal(qty)) for line in lines
    ]
    head = {"company": "Load", "voucher_type": "Sales Order", "voucher_no": document}
    reserve(requests, {line: head for line in lines})


def _release(lines: list[str]) -> None:
    from ec_erp.inventory.flows import release

    release(lines)


def _deliver(lines: list[str], load: Load) -> None:
    """Deliver what lines hold, as a Delivery Note does: use the reservations, move the goods."""
    from ec_erp.inventory.flows import consume, move_stock
    from ec_erp.inventory.store import load_reservations
    from ec_erp.inventory.types import Movement, StockMove

    held = load_reservations(lines)
    taken, changes = consume({line: (known.held, WAREHOUSE) for line, known in held.items()})
    moves = tuple(
        StockMove(held[line].key, -qty, line, from_reserved=qty) for line, qty in sorted(taken.items()) if qty
    )
    move_stock([Movement(_voucher(lines[0].split("/", 1)[0]), moves)], changes)


def _voucher(number: str) -> Any:
    from ec_erp.inventory.types import VoucherRef

    return VoucherRef("Load", "CNY", "Delivery Note", number, datetime(2026, 11, 22))


def _read(folder: Path, killed: int) -> Outcome:
    answers: Counter[str] = Counter()
    asked: set[str] = set()
    promised: dict[str, str] = {}
    errors: list[str] = []
    waits: list[float] = []
    for journal in sorted(folder.glob("*.log")):
        for text in journal.read_text().splitlines():
            word, _, rest = text.partition(" ")
            if word == "error":
                errors.append(rest)
            elif word == "took":
                waits.append(float(rest))
            elif word == "ask":
                asked.update(rest.split(","))
            elif word == "done":
                kind, _, lines = rest.partition(" ")
                answers[kind] += 1
                promised.update(dict.fromkeys(lines.split(","), kind) if kind != "short" else {})
    return Outcome(answers, asked, promised, errors, killed, sorted(waits))


def faults(load: Load, outcome: Outcome) -> list[str]:
    """Return what of the stored state contradicts itself or the journals, on the connected site."""
    import frappe

    return [*_faults_of_balances(frappe, load), *_faults_of_lines(frappe, outcome)]


def _faults_of_balances(frappe: Any, load: Load) -> list[str]:
    held: Counter[str] = Counter()
    for row in frappe.get_all("Stock Reservation", fields=["sku", "qty", "consumed_qty", "released_qty"]):
        held[row.sku] += row.qty - row.consumed_qty - row.released_qty
    moved: Counter[str] = Counter()
    for row in frappe.get_all("Stock Ledger Entry", fields=["sku", "qty_change"]):
        moved[row.sku] += row.qty_change
    found = []
    for row in frappe.get_all("Stock Balance", fields=["sku", "on_hand", "reserved", "available", "entry_count"]):
        if row.available < 0 or row.available != row.on_hand - row.reserved:
            found.append(f"{row.sku}: available {row.available} of {row.on_hand} with {row.reserved} reserved")
        if row.reserved != held[row.sku]:
            found.append(f"{row.sku}: {row.reserved} reserved, reservations hold {held[row.sku]}")
        if row.on_hand != moved[row.sku]:
            found.append(f"{row.sku}: {row.on_hand} on hand, the ledger says {moved[row.sku]}")
    return found


def _faults_of_lines(frappe: Any, outcome: Outcome) -> list[str]:
    rows = {row.name: row for row in frappe.get_all("Stock Reservation", fields=["name", "qty", "status"])}
    found = [f"lost: {line}" for line in outcome.promised if line not in rows]
    found += [f"nobody asked for {line}" for line in rows if line not in outcome.asked]
    found += [f"{line} holds {row.qty}" for line, row in rows.items() if not 1 <= row.qty <= 3]
    expected = {"release": "Released", "deliver": "Consumed"}
    for line, kind in outcome.promised.items():
        if kind in expected and line in rows and rows[line].status != expected[kind]:
            found.append(f"{line} is {rows[line].status} after {kind}")
    return found
