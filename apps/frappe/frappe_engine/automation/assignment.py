"""Who gets the next task.

Invariant: the same question has the same answer; nobody who is not in the list of a rule is ever chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def next_in_turn(users: Sequence[str], last: str | None) -> str | None:
    """Give the user after the one who was chosen last, the first when that one is not in the list any more."""
    if not users:
        return None
    return users[(users.index(last) + 1) % len(users)] if last in users else users[0]


def least_loaded(users: Sequence[str], open_tasks: Mapping[str, int]) -> str | None:
    """Give the user with the fewest open tasks, the first in the list among equals."""
    return min(users, key=lambda user: open_tasks.get(user, 0), default=None)
