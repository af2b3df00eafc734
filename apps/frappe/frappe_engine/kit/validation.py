"""Is it an e-mail address, a phone number, a URL, a name? Questions about texts, answered without asking anybody.

Invariant: a check answers, it never raises on text; who wants an exception raises it.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any, Final
from urllib.parse import urlsplit

_ATOM: Final = r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
EMAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_ANGLED: Final = re.compile(r"<\s*([^<>\s]+)\s*>")
_OUTSIDE_QUOTES: Final = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_NAME_MARKS: Final = re.compile(r"[^\w\s'/@.+-]")
_PHONE: Final = re.compile(r"[0-9 +\-_,.*#()]{1,20}")
_NAME_WORD: Final = re.compile(r"\w[\w'-]*")
_GIT_URL: Final = re.compile(r"(?:(?:git|ssh|https?|file)://|git@)[\w.@:/~-]+?(?:\.git)?/?")


# --- e-mail --------------------------------------------------------------------------------------------------------


def is_email(text: str) -> bool:
    """Tell whether a text is one bare e-mail address (ASCII, with a dotted domain)."""
    return EMAIL.fullmatch(text) is not None


def split_emails(text: Any) -> list[str]:
    """Cut a list of addresses at its commas (not those inside quotes); white space inside becomes one space."""
    parts = _OUTSIDE_QUOTES.split(re.sub(r"[\t\r\n]", " ", str(text or "")))
    return [part.strip() for part in parts if part.strip()]


def address_in(text: str) -> str:
    """Give the address of "Name <address>", or of a bare address; "" when there is none."""
    angled = _ANGLED.search(text)
    candidate = angled.group(1) if angled else text.strip()
    return candidate if is_email(candidate) else ""


def emails_in(text: Any) -> tuple[list[str], list[str]]:
    """Give the addresses of a list of addresses, and its parts that are none.

    A part that holds several addresses parted by spaces or semicolons counts for all of them.
    """
    valid: list[str] = []
    wrong: list[str] = []
    for part in _OUTSIDE_QUOTES.split(str(text or "").strip()) if text else ():
        found = address_in(part)
        several = [] if found else [piece for piece in re.split(r"[;\s]+", part) if piece]
        if found:
            valid.append(found)
        elif several and all(is_email(piece) for piece in several):
            valid.extend(several)
        else:
            wrong.append(part.strip())
    return valid, wrong


def parse_address(text: str) -> tuple[str | None, str]:
    """Cut "Name <address>" into name and address; the address stands for a missing name.

    A text without an address gives None and the text.
    """
    address = address_in(text)
    if not address:
        found = EMAIL.search(text)
        if not found:
            return None, text
        address = found.group()
    name = _NAME_MARKS.sub("", _ANGLED.sub("", text).replace('"', "")).strip()
    return name or address, address


# --- other texts ---------------------------------------------------------------------------------------------------


def is_phone_number(text: str) -> bool:
    """Tell whether a text has only what phone numbers are written with, 20 characters at most."""
    return _PHONE.fullmatch(text.strip()) is not None


def is_valid_number_of_country(text: str) -> bool:
    """Tell whether a number with its country code ("+86 13800138000") can exist there.

    Raises `MissingCountryCode` without a code.
    """
    from phonenumbers import NumberParseException, is_valid_number, parse  # loads the number plans of all countries

    try:
        return is_valid_number(parse(text))
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            raise MissingCountryCode(text) from error
        return False


class MissingCountryCode(ValueError):
    """A phone number does not begin with a country code."""


def is_person_name(text: str) -> bool:
    """Tell whether a text is words of letters, digits, apostrophes and hyphens, parted by single spaces."""
    return all(_NAME_WORD.fullmatch(word) for word in text.strip().split(" "))


def is_url(text: Any, valid_schemes: str | Container[str] | None = None) -> bool:
    """Tell whether a text is a URL or an absolute path; with `valid_schemes`, one of those schemes."""
    if not isinstance(text, str):
        return False
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return False
    rooted = bool(parts.scheme or parts.netloc) or parts.path.startswith("/")
    if not rooted or not (parts.netloc or parts.path):
        return False
    if not valid_schemes:
        return True
    schemes = (valid_schemes,) if isinstance(valid_schemes, str) else valid_schemes
    return parts.scheme in schemes


def is_git_url(text: str) -> bool:
    """Tell whether a text names a git repository by URL."""
    return _GIT_URL.fullmatch(text) is not None


def is_image(filepath: str) -> bool:
    """Tell by its ending whether a file is an image; a query after it does not matter."""
    import mimetypes  # reads the system's tables at first use

    kind = mimetypes.guess_type(filepath.partition("?")[0])[0]
    return (kind or "").startswith("image/") or filepath.partition("?")[0].lower().endswith((".webp", ".avif"))
