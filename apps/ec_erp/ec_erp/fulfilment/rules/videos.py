"""The address of a recording: a template of which words in braces are filled in.

Invariant: only addresses of the web; what is filled in can't change where they lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Formatter
from urllib.parse import quote, urlsplit

from ec_erp.kernel.problems import N_, Problem, problem

WORDS = ("delivery", "order", "waybill", "by", "from", "to")


def template_problems(template: str) -> Iterable[Problem]:
    """Return what is wrong with a template."""
    try:
        words = [word for _, word, _, _ in Formatter().parse(template) if word is not None]
    except ValueError:
        words = [""]
    host = urlsplit(template.partition("{")[0])
    if host.scheme not in ("http", "https") or not host.netloc:
        yield problem(N_("The address of the recordings has to begin with https:// or http:// and a name"))
    if set(words) - set(WORDS):
        yield problem(N_("The address of the recordings may hold {0}"), ", ".join(f"{{{word}}}" for word in WORDS))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the address with its words filled in; those that are not known are empty."""
    return template.format_map({word: quote(values.get(word) or "", safe="") for word in WORDS})
