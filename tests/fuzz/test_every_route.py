"""Every operation the API describes, sent hostile values by staff, by a user without roles, by Administrator and by nobody.

Never a fault of the server, never something stored by a request that was refused, never a value evaluated, never a
secret or a file of the machine given away.
"""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any

import pytest
from hostile import argument, as_text
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from site_under_fire import ADMINISTRATOR, CLERK, STAFF, Sent, SiteUnderFire, filled, operations

LEFT_OUT = frozenset({"/api/method/login"})  # takes a second by design; test_signing_in has it
ROUND_OF_A_LONG_RUN = settings(
    max_examples=10_000,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def known(fire: SiteUnderFire) -> dict[str, list[Any]]:
    """Values that exist, by a part of the argument's name."""
    with fire.site.connected() as context:
        tasks = [row[0] for row in context.db.rows("SELECT `name` FROM `tabToDo`")]
    document = {"doctype": "ToDo", "description": "x"}
    return {
        "doctype": ["ToDo", "User", "File", "SKU", "Sales Order", "DocType", "Report"],
        "dt": ["ToDo", "User"],
        "docname": tasks,
        "name": [*tasks, "Administrator", "ToDo"],
        "user": ["clerk@example.com", "Administrator"],
        "doc": [document, json.dumps(document)],
    }


def test_no_route_breaks_or_leaks(
    fire: SiteUnderFire, description: dict[str, Any], known: dict[str, list[Any]], seconds: float
) -> None:
    wanted = [operation for operation in operations(description) if operation[1] not in LEFT_OUT]
    until = time.monotonic() + seconds
    faults: list[str] = []
    rounds: list[int] = []

    @ROUND_OF_A_LONG_RUN
    @example(seed=20260131)
    @given(seed=st.integers(0, 2**32))
    def one_round(seed: int) -> None:
        if rounds and time.monotonic() > until:
            return
        rounds.append(seed)
        for operation in wanted:
            verb, path = operation[:2]
            random = Random(f"{seed} {verb} {path}")  # a route that comes or goes changes nothing for the others
            fault = fire.send(hostile_request(operation, known, random))
            if fault:
                faults.append(f"seed {seed}: {fault}")

    one_round()
    assert fire.sent >= len(wanted) > 1000
    assert faults == [], f"{len(faults)} faults in {len(rounds)} rounds:\n" + "\n".join(faults[:20])


def hostile_request(operation: Any, known: dict[str, list[Any]], random: Random) -> Sent:
    verb, path, parameters, properties = operation
    names = {
        entry["name"]: as_text(argument(entry["name"], known, random)) or "x"
        for entry in parameters
        if entry["in"] == "path"
    }
    query = {
        entry["name"]: as_text(argument(entry["name"], known, random))
        for entry in parameters
        if entry["in"] == "query" and random.random() < 0.6
    }
    share = 0.3 if len(properties) > 12 else 0.8
    body = {name: argument(name, known, random) for name in properties if random.random() < share}
    who = random.choice((ADMINISTRATOR, STAFF, STAFF, CLERK, None))
    return Sent(verb, filled(path, names), query, None if verb == "GET" else body, who)
