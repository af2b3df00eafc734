"""Values of the scanning area.

Invariant: an answer is plain data, as it goes over the wire and into the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# What a device plays and shows.
OK, DONE, INFO, STOP = "ok", "done", "info", "stop"
COLOURS = {OK: "green", DONE: "blue", INFO: "grey", STOP: "red"}


@dataclass(frozen=True, slots=True)
class Goods:
    """What a code stands for: a SKU and how many units one scan of it counts; ``serial`` where it is one piece's number.

    ``needs_serial`` is true for goods that never move without their numbers; ``batch`` is set where a batch was scanned, by
    its name or, where it is not known yet, its number. ``is_package`` marks cartons and the like.
    """

    sku: str
    sku_name: str
    qty: Decimal
    needs_serial: bool = False
    serial: str = ""
    has_batch: bool = False
    batch: str = ""
    is_package: bool = False
    has_shelf_life: bool = False


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A line of the work as a device shows it: where, what, how many of how many; ``total`` None where it is not known."""

    sku: str
    name: str
    done: Decimal
    total: Decimal | None = None
    bin: str = ""
    hint: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scan comes to. ``context`` is to be sent back with the next scan; ``finished`` ends the work on the document."""

    outcome: str
    message: str
    next: str
    document: str = ""
    title: str = ""
    lines: tuple[ScanLine, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    finished: bool = False


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """A scan: the document it is about, the code, how many times it counts, and what the last answer gave back."""

    document: str
    code: str
    qty: Decimal
    context: Mapping[str, Any]
    user: str
