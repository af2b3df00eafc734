"""The matrix of a product's variants: every combination of the values of its attributes.

Invariant: each combination is made once, in the order in which values are listed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

Attribute = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One combination: (attribute, value) pairs in the order of the attributes."""

    values: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """How a person reads it: ``Colour=Red; Size=M``."""
        return "; ".join(f"{attribute}={value}" for attribute, value in self.values)

    def code(self, prefix: str) -> str:
        """Return the SKU code: the prefix and the values, without blanks and separators of names."""
        parts = [re.sub(r"[\s|/\\]+", "", value) for _, value in self.values]
        return "-".join([prefix, *parts])

    def name(self, product_name: str) -> str:
        """Return the SKU's name: the product's and the values."""
        return " ".join([product_name, *(value for _, value in self.values)])


def values_of(text: str) -> tuple[str, ...]:
    """Return the values in a text, one per line or separated by commas, each once."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[\n,，]+", text or "") if part.strip()))


def matrix(attributes: Sequence[Attribute]) -> list[Variant]:
    """Return every variant; attributes without values are left out, and nothing comes of none."""
    known = [(name, values) for name, values in attributes if values]
    if not known:
        return []
    pairs = [[(name, value) for value in values] for name, values in known]
    return [Variant(chosen) for chosen in product(*pairs)]
