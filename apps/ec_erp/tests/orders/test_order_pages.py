"""The tables of the pages on the order machine and its exceptions are what the code does."""

from datetime import datetime

import pytest
from algorithm_tables import Row, read_table
from ec_erp.orders.rules import blocks, machine
from ec_erp.orders.rules.next_step import Situation, next_step

NOW = datetime(2026, 11, 1, 10, 0)
GUARDS = {
    value: name.lower().replace("_", " ") for name, value in vars(machine).items() if isinstance(value, machine.Guard)
}


def test_the_page_has_every_event_and_no_other() -> None:
    told = {
        (row["from"], row["event"]): (row["to"], row["asks for"]) for row in read_table("order-machine.md", "Events")
    }
    built = {
        key: (way.to, ", ".join(GUARDS[guard] for guard in way.guards)) for key, way in machine.TRANSITIONS.items()
    }
    assert told == built


@pytest.mark.parametrize("row", read_table("order-machine.md", "What happens next"), ids=lambda row: row["next"][:30])
def test_what_happens_next(row: Row) -> None:
    hold = datetime.fromisoformat(f"2026-11-01 {row['hold until']}") if row["hold until"] else None
    codes = [row["reasons"]] if row["reasons"] else []
    found = next_step(Situation(row["status"], codes, hold, row["stock"], "Main", row["carrier"]), NOW)
    assert (found.text.message.format(*found.text.values), found.role) == (row["next"], row["asked"])


def test_every_status_has_a_line() -> None:
    for status in (machine.DRAFT, *machine.LIVE, machine.SHIPPED, *machine.ENDED):
        assert next_step(Situation(status), NOW).text.message


def test_the_page_has_every_exception() -> None:
    rows = read_table("order-exceptions.md", "Catalogue")
    told = {row["reason"]: (row["stops"] == "yes", row["owner"], row["within hours"], row["suggested"]) for row in rows}
    built = {
        kind.code: (kind.blocking, kind.owner, str(kind.sla_hours), kind.suggestion)
        for kind in blocks.CATALOGUE.values()
    }
    assert told == built


@pytest.mark.parametrize("row", read_table("order-exceptions.md", "Who takes a reason off"), ids=str)
def test_who_takes_a_reason_off(row: Row) -> None:
    may = blocks.may_clear(row["reason"], [row["role"]], handles=row["handles orders"] == "yes")
    assert may == (row["may"] == "yes")
