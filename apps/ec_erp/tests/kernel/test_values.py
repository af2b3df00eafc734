"""Values that are made quickly are what their dataclasses say."""

from dataclasses import FrozenInstanceError, dataclass, field, replace
from inspect import signature

import pytest
from ec_erp.kernel.values import quickly_made, with_changes


@dataclass(frozen=True, slots=True)
class Plain:
    sku: str
    qty: int = 1
    note: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    sku: str
    qty: int = 1
    note: str | None = None


def test_fields_are_filled_by_place_by_name_and_by_default():
    assert (Quick("a").qty, Quick("a", 2).qty, Quick("a", note="x", qty=3).note) == (1, 2, "x")
    assert repr(Quick("a")) == repr(Plain("a")).replace("Plain", "Quick")
    assert Quick("a") == Quick("a", 1) != Quick("a", 2)
    assert replace(Quick("a", 2), sku="b") == with_changes(Quick("a", 2), sku="b") == Quick("b", 2)


def test_it_is_asked_for_as_the_dataclass_is():
    assert signature(Quick) == signature(Plain)
    with pytest.raises(TypeError, match="sku"):
        Quick()
    with pytest.raises(TypeError, match="other"):
        Quick("a", other=1)
    with pytest.raises(TypeError, match="other"):
        with_changes(Quick("a"), other=1)


def test_nobody_changes_it():
    with pytest.raises(FrozenInstanceError):
        Quick("a").qty = 5


def test_a_class_that_does_more_is_refused():
    @dataclass(frozen=True, slots=True)
    class WithList:
        names: list[str] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class Checked:
        qty: int

        def __post_init__(self):
            raise AssertionError

    for kind in (WithList, Checked):
        with pytest.raises(TypeError, match=kind.__name__):
            quickly_made(kind)
