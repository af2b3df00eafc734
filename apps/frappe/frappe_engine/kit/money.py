"""Money as people read it: grouped numbers with a currency, and amounts in words.

Invariant: what is written is the amount rounded to the decimals shown; nothing here rounds for the books.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from frappe_engine.kit.numbers import to_float

DEFAULT_NUMBER_FORMAT: Final = "#,###.##"
INDIAN_NUMBER_FORMAT: Final = "#,##,###.##"

# number format -> decimal mark, mark between groups, decimals
NUMBER_FORMATS: Final[dict[str, tuple[str, str, int]]] = {
    "#,###.##": (".", ",", 2),
    "#.###,##": (",", ".", 2),
    "# ###.##": (".", " ", 2),
    "# ###,##": (",", " ", 2),
    "#'###.##": (".", "'", 2),
    "#, ###.##": (".", ", ", 2),
    "#,##,###.##": (".", ",", 2),
    "#,###.###": (".", ",", 3),
    "#.###": ("", ".", 0),
    "#,###": ("", ",", 0),
    "#.########": (".", "", 8),
}


class CurrencyStyle(NamedTuple):
    """How amounts of one currency are written: its sign, its coins and its own number format."""

    code: str
    symbol: str = ""
    symbol_on_right: bool = False
    fraction: str = ""
    fraction_units: int = 100
    smallest_fraction: float = 0.0
    number_format: str = ""

    @property
    def fraction_digits(self) -> int:
        """Decimals of the coin: 2 where a hundred make one unit, 3 where a thousand do."""
        return len(str(self.fraction_units or 100)) - 1


def get_number_format_info(format: str | None) -> tuple[str, str, int]:
    """Give decimal mark, group mark and decimals of a number format; those of "#,###.##" for an unknown one."""
    return NUMBER_FORMATS.get(format or DEFAULT_NUMBER_FORMAT, (".", ",", 2))


def fmt_money(
    amount: Any,
    precision: int | None = None,
    currency: CurrencyStyle | None = None,
    number_format: str = DEFAULT_NUMBER_FORMAT,
) -> str:
    """Write an amount with `precision` decimals (by default those of the number format) and the currency's sign.

    With more than two decimals, zeros that the amount does not have are not shown beyond those of the coin.
    """
    decimal_mark, group_mark, decimals = get_number_format_info(number_format)
    number = to_float(amount)
    if precision is None:
        precision = decimals
    if precision > 2:
        precision = _decimals_to_show(number, precision, currency.fraction_digits if currency else decimals)
    text = format_number(number, precision, decimal_mark, group_mark, indian=number_format == INDIAN_NUMBER_FORMAT)
    if currency is None:
        return text
    symbol = currency.symbol or currency.code
    return f"{text} {symbol}" if currency.symbol_on_right else f"{symbol} {text}"


def _decimals_to_show(number: float, precision: int, fallback: int) -> int:
    own = len(f"{number:.{precision}f}".rstrip("0").partition(".")[2])
    return fallback if own < 3 else min(own, precision)


def format_number(
    number: float, precision: int, decimal_mark: str = ".", group_mark: str = ",", indian: bool = False
) -> str:
    """Write a number with its digits in groups of three (after the first three of two, with `indian`).

    Without a decimal mark the decimals are left out.
    """
    text = f"{abs(number):.{precision}f}"
    whole, _, decimals = text.partition(".")
    sign = "-" if number < 0 and any(digit not in "0." for digit in text) else ""
    grouped = _indian_groups(whole, group_mark) if indian else f"{int(whole):,}".replace(",", group_mark)
    return f"{sign}{grouped}{decimal_mark}{decimals}" if decimals and decimal_mark else f"{sign}{grouped}"


def _indian_groups(whole: str, group_mark: str) -> str:
    head, tail = whole[:-3], whole[-3:]
    groups = [tail]
    while head:
        head, group = head[:-2], head[-2:]
        groups.append(group)
    return group_mark.join(reversed(groups))


# --- in words ------------------------------------------------------------------------------------------------------


def in_words(number: Any, indian: bool = False, language: str = "en") -> str:
    """Write a whole number in words of `language` (English where that is not known); `indian` counts in lakh."""
    from num2words import num2words  # loads the words of many languages

    whole = int(float(number)) if isinstance(number, str) else int(number)
    lang = "en_IN" if indian else language.replace("-", "_")
    try:
        words = num2words(whole, lang=lang)
    except (NotImplementedError, OverflowError):
        try:
            words = num2words(whole, lang=lang.partition("_")[0])
        except (NotImplementedError, OverflowError):
            words = num2words(whole, lang="en")
    return str(words).replace("-", " ")


def money_in_words(
    amount: Any,
    currency: CurrencyStyle,
    translate: Callable[[str], str] = str,
    language: str = "en",
    number_format: str = DEFAULT_NUMBER_FORMAT,
) -> str:
    """Write an amount in words: "USD One Hundred and Fifty Cent only."; "" for what is no amount, or below zero.

    The decimals are those of the currency's number format (`number_format` when it has none). In Chinese the words
    are the capitals that cheques ask for (壹佰元伍角整). `translate` gives "and", "Zero", "only.", "Cent" and the
    currency's names in the reader's language.
    """
    try:
        number = float(amount)
    except ValueError:
        return ""
    if not 0 <= number < float("inf"):
        return ""
    style = currency.number_format or number_format
    digits = get_number_format_info(style)[2]
    if language.partition("-")[0] == "zh":
        return _chinese_money(number, digits, currency, translate)
    main, _, fraction = f"{number:.{digits}f}".partition(".")
    indian = style == INDIAN_NUMBER_FORMAT

    def words(value: str) -> str:
        return in_words(int(value), indian, language).title()

    parts = []
    has_fraction = bool(fraction) and int(fraction) > 0
    if int(main):
        parts.append(f"{translate(currency.code)} {words(main)}")
    elif not has_fraction:
        parts.append(f"{translate(currency.code)} {translate('Zero')}")
    if has_fraction:
        parts.append(f"{words(fraction)} {translate(currency.fraction or 'Cent')}")
    return f" {translate('and')} ".join(parts) + f" {translate('only.')}"


_CAPITAL_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_CAPITAL_PLACES: Final = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))


def chinese_capitals(number: int) -> str:
    """Write a whole number in the capitals used for money: 10050 is 壹万零伍拾.

    Rule: 正确填写票据和结算凭证的基本规定 (银发〔1997〕393号, annex 1). Raises `OverflowError` from 10^16 on.
    """
    if number >= 10**16:
        raise OverflowError(f"{number} is too large for words")
    if number >= 10**8:
        return _joined(number, 10**8, "亿")
    if number >= 10**4:
        return _joined(number, 10**4, "万")
    return _capital_group(number)


def _joined(number: int, unit: int, name: str) -> str:
    head, tail = divmod(number, unit)
    text = chinese_capitals(head) + name
    if not tail:
        return text
    return text + ("零" if tail < unit // 10 else "") + chinese_capitals(tail)


def _capital_group(group: int) -> str:
    if group == 0:
        return "零"
    text = ""
    for size, place in _CAPITAL_PLACES:
        digit = group // size % 10
        if digit:
            text += _CAPITAL_DIGITS[digit] + place
        elif text and group % size and not text.endswith("零"):
            text += "零"
    return text


def _chinese_money(number: float, digits: int, currency: CurrencyStyle, translate: Callable[[str], str]) -> str:
    name = translate(currency.code)
    if name == "CNY":
        name = "人民币"
    main, _, fraction = f"{number:.{min(digits, 2)}f}".partition(".")
    tenths, hundredths = (int(digit) for digit in fraction.ljust(2, "0"))
    units = int(main)
    text = f"{chinese_capitals(units)}元" if units or not (tenths or hundredths) else ""
    if tenths:
        text += f"{_CAPITAL_DIGITS[tenths]}角"
    elif hundredths and text:
        text += "零"
    text += f"{_CAPITAL_DIGITS[hundredths]}分" if hundredths else "整"
    return name + text
