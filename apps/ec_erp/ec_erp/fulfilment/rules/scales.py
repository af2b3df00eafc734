"""What scales and people type for a weight.

Invariant: a text is a weight or nothing; it is never guessed which unit was meant beyond what the settings say.
"""

from __future__ import annotations

import re
from decimal import Decimal

_WEIGHT = re.compile(r"\+?\s*(\d{1,7}(?:[.,]\d{1,4})?)\s*(kg|g|千克|公斤|克)?", re.IGNORECASE)
_THOUSAND = Decimal(1000)
GRAM, KILOGRAM = "Gram", "Kilogram"


def weight_g(text: str, unit: str = GRAM) -> Decimal | None:
    """Return the grams that a text names (``455``, ``0.455 kg``, ``455克``), None for other texts.

    ``unit`` is what a number without a unit means: Gram or Kilogram.
    """
    found = _WEIGHT.fullmatch(text.strip())
    if found is None:
        return None
    named = (found[2] or "").casefold()
    in_kilograms = named in ("kg", "千克", "公斤") or (not named and unit == KILOGRAM)
    number = Decimal(found[1].replace(",", "."))
    return number * _THOUSAND if in_kilograms else number
