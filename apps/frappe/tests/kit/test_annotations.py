"""Values for annotations, whatever a plain type is read with."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from frappe_engine.kit.annotations import MISFIT, fitting


def plain(value: Any, wanted: Any) -> Any:
    """Read whole numbers from text; anything else must be of its type already."""
    if wanted is int and isinstance(value, str) and value.isdigit():
        return int(value)
    return value if wanted in (None, type(None)) and value is None else value if _is(value, wanted) else MISFIT


def _is(value: Any, wanted: Any) -> bool:
    return isinstance(wanted, type) and isinstance(value, wanted)


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        ("5", int, 5),
        ("x", int, MISFIT),
        ("5", int | str, "5"),
        ("5", int | None, 5),
        (None, int | None, None),
        ("a", Literal["a", "b"], "a"),
        ("c", Literal["a", "b"], MISFIT),
        ("5", Annotated[int, "pieces"], 5),
        (["1", 2], list[int], [1, 2]),
        (["1", "x"], list[int], MISFIT),
        ({"a": "1"}, dict[str, int], {"a": 1}),
        ({"a": "x"}, dict[str, int], MISFIT),
        (("1", "2"), tuple[int, ...], (1, 2)),
        (("1", "b"), tuple[int, str], (1, "b")),
        (("1",), tuple[int, str], MISFIT),
        ([["1"], ["2"]], list[list[int]], [[1], [2]]),
        ("5", Any, "5"),
    ],
)
def test_values_become_what_is_annotated_or_do_not_fit(value: Any, wanted: Any, expected: Any) -> None:
    assert fitting(value, wanted, plain) == expected


def test_a_dict_that_fits_stays_itself() -> None:
    given = {"a": 1}
    assert fitting(given, dict[str, int], plain) is given
