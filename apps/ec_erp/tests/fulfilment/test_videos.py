"""Addresses of recordings."""

import pytest
from ec_erp.fulfilment.rules.videos import fill, template_problems

ADDRESS = "https://nvr.example/play?from={from}&who={by}"


def test_words_are_filled_in_and_can_not_lead_elsewhere() -> None:
    values = {"from": "2026-11-23T08:00:00", "by": "a&b@x/../y"}
    assert fill(ADDRESS, values) == "https://nvr.example/play?from=2026-11-23T08%3A00%3A00&who=a%26b%40x%2F..%2Fy"
    assert fill("https://nvr.example/{waybill}", {}) == "https://nvr.example/"


@pytest.mark.parametrize("template", [ADDRESS, "http://nvr.example/{delivery}"])
def test_addresses_of_the_web_are_taken(template: str) -> None:
    assert list(template_problems(template)) == []


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert(1)",
        "https://{delivery}/",
        "nvr.example/{to}",
        "https://nvr.example/{secret}",
        "https://x.example/{",
    ],
)
def test_others_are_refused(template: str) -> None:
    assert list(template_problems(template))
