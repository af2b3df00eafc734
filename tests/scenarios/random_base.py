"""What the random operations of `random_trade.py` stand on: the seller's world, trying an operation, choosing what it is about."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any, ClassVar

COMPANY, MAIN, EAST, BINS, LOOSE, WAVES = "Dice", "Dice Main", "Dice East", "Dice Bins", "Dice Loose", "Dice Waves"
PLAIN = [f"DICE-{number:02}" for number in range(10)]
FIFO = [f"FIFO-{number}" for number in range(3)]
BATCHED = [f"BATCH-{number}" for number in range(3)]
STRONG, WEAK, MARKED = "PIECE-STRONG", "PIECE-WEAK", "PIECE-BATCH"  # the last has batches, too
PIECES = [STRONG, WEAK, MARKED]
WITH_BATCH = [*BATCHED, MARKED]
COMBO = "COMBO-1"
SHOPS = ("Dice Shop", "Dice Outlet", "Dice Club")
NET = "Dice Net"
BUYERS = [f"Thrower {number}" for number in range(4)]
SUPPLIERS = ("Dicemaker", "Cupmaker")
CARRIERS = ("Dice Express", "Dice Mail")
RECENT = 150  # documents of a kind that operations choose from
SAVEPOINT = "dice"
DONE, REFUSED, FAILED, NOTHING = "done", "refused", "failed", "nothing to do"


class Nothing(Exception):
    """There is no document yet that an operation could be about."""


class Trader:
    """The seller; `step` does one operation at random and says what became of it."""

    weights_of: ClassVar[dict[str, int]] = {}

    def __init__(self, frappe: Any, seed: int = 1) -> None:
        self.frappe = frappe
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.errors: list[str] = []
        self.names: dict[str, list[str]] = {}
        self.numbered = 0
        self.pushed: dict[str, dict[str, Any]] = {}
        self.bins = [f"{BINS}-A-{number}" for number in range(3)]
        self.places = [f"{WAVES}-{code}" for code in ("P1", "P2", "P3", "R1")]
        self.operations: dict[str, Callable[[], None]] = {
            name: getattr(self, f"do_{name}") for name in self.names_of_operations()
        }
        self.weights = [self.weights_of.get(name, 3) for name in self.operations]

    @classmethod
    def names_of_operations(cls) -> list[str]:
        return sorted(name.removeprefix("do_") for name in dir(cls) if name.startswith("do_"))

    # steps

    def step(self) -> str:
        """Do one operation, in a transaction of its own or, as bulk work does, in a savepoint of one that is kept."""
        (name,) = self.random.choices(list(self.operations), self.weights)
        in_savepoint = self.random.random() < 0.3
        outcome = self.operate(name, in_savepoint=in_savepoint)
        if outcome == DONE or in_savepoint:
            self.frappe.db.commit()
        else:
            self.frappe.db.rollback()
        return outcome

    def insist(self, name: str, tries: int = 40) -> None:
        """Do one kind of operation, trying until it is not refused."""
        for _ in range(tries):
            if self.operate(name, in_savepoint=True) == DONE:
                break
        self.frappe.db.commit()

    def operate(self, name: str, *, in_savepoint: bool) -> str:
        """Do one operation; say whether it is done, was refused, failed, or found nothing to work on."""
        try:
            with self._savepoint() if in_savepoint else nullcontext():
                self.operations[name]()
        except Nothing:
            return NOTHING
        except (self.frappe.ValidationError, self.frappe.DoesNotExistError) as refusal:
            self.frappe.clear_messages()
            self.refused[name] += 1
            self.reasons[f"{name}: {type(refusal).__name__}"] += 1
            return REFUSED
        except Exception:  # noqa: BLE001  whatever else it is, is a finding
            self.errors.append(f"{name}: {traceback.format_exc()}")
            return FAILED
        self.done[name] += 1
        return DONE

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self.frappe.db.savepoint(SAVEPOINT)
        try:
            yield
        except Exception:
            self.frappe.db.rollback(save_point=SAVEPOINT)
            raise
        self.frappe.db.release_savepoint(SAVEPOINT)

    # choices

    def make(self, doctype: str, **values: Any) -> Any:
        return self.frappe.get_doc({"doctype": doctype, **values}).insert()

    def submit(self, doctype: str, **values: Any) -> Any:
        doc = self.make(doctype, **values).submit()
        self.remember(doctype, doc.name)
        return doc

    def remember(self, kind: str, *names: str) -> None:
        known = self.names.setdefault(kind, [])
        known.extend(names)
        del known[:-RECENT]

    def any(self, kind: str, *, newest: int = RECENT) -> Any:
        return self.frappe.get_doc(kind, self.any_name(kind, newest=newest))

    def any_name(self, kind: str, *, newest: int = RECENT) -> str:
        known = self.names.get(kind)
        if not known:
            raise Nothing
        return self.random.choice(known[-newest:])

    def likely(self, kind: str, **filters: Any) -> Any:
        """Return a document that an operation probably fits; now and then any other one."""
        if self.chance(0.25):
            return self.any(kind)
        names = self.frappe.get_all(kind, filters=filters, pluck="name", order_by="name desc", limit=25)
        if not names:
            raise Nothing
        return self.frappe.get_doc(kind, self.random.choice(names))

    def price(self, low: float, high: float) -> float:
        return round(self.random.uniform(low, high), 2)

    def qty(self, most: int = 6) -> int:
        return self.random.randint(1, most)

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def skus(self, *, combos: bool = False) -> list[str]:
        """Return one to three SKUs; the popular ones much more often."""
        popular = [*PLAIN[:4], *FIFO[:1], *BATCHED[:1]]
        known = popular * 3 + [*PLAIN, *FIFO, *BATCHED, *PIECES, *([COMBO] if combos else [])]
        return list(dict.fromkeys(self.random.choice(known) for _ in range(self.random.randint(1, 3))))

    def warehouse(self) -> str:
        return self.random.choice((MAIN, MAIN, MAIN, EAST, BINS, LOOSE, WAVES))

    def moment(self) -> Any:
        """Return an event time: mostly now, sometimes weeks ago."""
        now = self.frappe.utils.now_datetime()
        return now - timedelta(minutes=self.random.randint(1, 60 * 24 * 60)) if self.chance(0.2) else now

    def arriving(self, *, most: int = 6, **more: Any) -> list[dict[str, Any]]:
        """Return rows of goods that come in, with what is told of them: price, batch, serial numbers."""
        rows = [{"sku": sku, "qty": self.qty(most), "rate": self.price(2, 40), **more} for sku in self.skus()]
        for row in rows:
            self.tell_arriving(row)
        return rows

    def tell_arriving(self, row: dict[str, Any]) -> None:
        """Name batch and serial numbers of a row of goods that come in; some numbers were there before."""
        if row["sku"] in WITH_BATCH:
            row["batch"] = f"L{self.random.randint(1, 6)}"
        if row["sku"] in PIECES:
            row["qty"] = min(row["qty"], 4)
            known = self.pieces(row["sku"], status="Out") if self.chance(0.1) else []
            told = 1 if row["sku"] == WEAK and self.chance(0.3) else row["qty"]
            row["serials"] = "\n".join([*known, *(self.new_serial() for _ in range(told))][:told])

    def leaving(self, warehouse: str, *, most: int = 6, **more: Any) -> list[dict[str, Any]]:
        """Return rows of goods that leave a warehouse; some name their batch."""
        rows = [{"sku": sku, "qty": self.qty(most), **more} for sku in self.skus()]
        for row in rows:
            if row["sku"] in BATCHED and self.chance(0.2):
                row["batch"] = f"L{self.random.randint(1, 6)}"
            self.tell_leaving(row, warehouse)
        return rows

    def tell_leaving(self, row: dict[str, Any], warehouse: str) -> None:
        """Name the pieces of a row of goods that leave, if the goods have numbers."""
        if row["sku"] not in PIECES or (row["sku"] == WEAK and self.chance(0.4)):
            return
        here = self.pieces(row["sku"], status="In Stock", warehouse=warehouse, grade="Good")
        row["qty"] = max(1, min(row["qty"], len(here)))
        row["serials"] = "\n".join(here[: row["qty"]])

    def pieces(self, sku: str, **filters: Any) -> list[str]:
        names: list[str] = self.frappe.get_all(
            "Serial No", filters={"sku": sku, **filters}, pluck="name", order_by="name asc", limit=12
        )
        return self.random.sample(names, len(names))

    def new_serial(self) -> str:
        self.numbered += 1
        return f"N{self.numbered:06}"

    def some_of(self, serials: str | None, qty: int) -> str:
        """Return that many of the numbers in a text."""
        known = (serials or "").split()
        return "\n".join(self.random.sample(known, min(qty, len(known))))
