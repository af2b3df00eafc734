"""The rules of workflows: which steps change what a document is.

Invariant: a draft is submitted before it is cancelled; what was cancelled stays so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

DRAFT, SUBMITTED, CANCELLED = 0, 1, 2
# (from, to): what has to be done to the document
ACTIONS: Final = {
    (DRAFT, DRAFT): "save",
    (DRAFT, SUBMITTED): "submit",
    (SUBMITTED, SUBMITTED): "save",
    (SUBMITTED, CANCELLED): "cancel",
}


def action_for(before: int, after: int) -> str | None:
    """Give what takes a document from one docstatus to another: save, submit, cancel; None when nothing does."""
    return ACTIONS.get((before, after))


def state_named(states: Iterable[Any], name: str | None) -> Any:
    """Give the state of a name, None without one."""
    return next((state for state in states if state.state == name), None)


def first_state(states: Iterable[Any], docstatus: int) -> Any:
    """Give the first state that documents of a docstatus can be in, None without one."""
    return next((state for state in states if int(state.doc_status or 0) == docstatus), None)


def impossible_steps(states: Iterable[Any], transitions: Iterable[Any]) -> list[tuple[int, str, str, int, int]]:
    """Give the transitions that no document can make: (row, state, next state, docstatus, next docstatus)."""
    found = []
    of = {state.state: int(state.doc_status or 0) for state in states}
    for number, step in enumerate(transitions, start=1):
        before, after = of.get(step.state, -1), of.get(step.next_state, -1)
        if action_for(before, after) is None:
            found.append((number, step.state, step.next_state, before, after))
    return found
