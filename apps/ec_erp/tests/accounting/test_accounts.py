"""The chart that comes with the app is sound, and accounts are used only where they may be."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from ec_erp.accounting.rules import accounts
from ec_erp.accounting.rules.ledger import closing_period, merged
from ec_erp.accounting.rules.roles import ACCOUNT_ROLES, CHARGE_ROLES, REASON_ROLES
from ec_erp.accounting.types import AccountFacts, AccountPlan, ClosedPeriod, Dimensions, Line

APP = Path(__file__).resolve().parents[2] / "ec_erp"


@pytest.fixture(scope="module")
def chart() -> list[AccountPlan]:
    path = APP / "accounting" / "charts" / "china_small_business.json"
    return accounts.read_chart(json.loads(path.read_text(encoding="utf-8")))


def facts(**changes: object) -> AccountFacts:
    values: dict[str, object] = {
        "name": "1405",
        "company": "Co",
        "is_group": False,
        "disabled": False,
        "root_type": "Asset",
        "account_type": "",
        "currency": "CNY",
    }
    return AccountFacts(**{**values, **changes})  # type: ignore[arg-type]


def test_codes_are_unique_and_groups_come_first(chart: list[AccountPlan]) -> None:
    codes = [plan.code for plan in chart]
    assert len(codes) == len(set(codes))
    assert all(plan.parent is None or codes.index(plan.parent) < codes.index(plan.code) for plan in chart)


def test_every_role_has_one_account_that_is_no_group(chart: list[AccountPlan]) -> None:
    given = [role for plan in chart for role in plan.roles]
    assert sorted(given) == sorted(ACCOUNT_ROLES)
    assert not [plan.code for plan in chart if plan.roles and plan.is_group]


def test_members_have_the_code_of_their_group_in_front(chart: list[AccountPlan]) -> None:
    roots = {plan.code for plan in chart if plan.parent is None}
    deeper = [plan for plan in chart if plan.parent and plan.parent not in roots]
    assert [plan.code for plan in deeper if not plan.code.startswith(plan.parent or "")] == []


@pytest.mark.parametrize(
    ("doctype", "words"),
    [
        ("accounting/doctype/charge_type/charge_type", CHARGE_ROLES),
        ("inventory/doctype/stock_reason/stock_reason", REASON_ROLES),
    ],
)
def test_every_word_of_a_master_has_its_account(doctype: str, words: dict[str, str]) -> None:
    fields = json.loads((APP / f"{doctype}.json").read_text(encoding="utf-8"))["fields"]
    options = next(field["options"] for field in fields if field["fieldname"] == "account_role")
    assert sorted(options.split("\n")) == sorted(words)
    assert set(words.values()) <= set(ACCOUNT_ROLES)


def test_every_role_is_a_field_of_the_company() -> None:
    company = json.loads((APP / "accounting/doctype/company/company.json").read_text(encoding="utf-8"))
    assert set(ACCOUNT_ROLES) <= set(company["field_order"])


def test_name_of_an_account() -> None:
    assert accounts.account_title("1405", "库存商品", "MJ") == "1405 库存商品 - MJ"


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (facts(company="Other"), "belongs to"),
        (facts(is_group=True), "is a group"),
        (facts(disabled=True), "is disabled"),
        (facts(currency="USD"), "is kept in"),
    ],
)
def test_accounts_that_can_not_be_posted_to(account: AccountFacts, words: str) -> None:
    assert [words in found.message for found in accounts.usable_problems(account, "Co", "CNY")] == [True]


def test_a_parent_is_a_group_of_the_same_company_and_kind() -> None:
    wrong = facts(name="5001", company="Other", root_type="Income")
    assert len(accounts.parent_problems(facts(), wrong)) == 3
    assert accounts.parent_problems(facts(), facts(is_group=True)) == []
    assert accounts.parent_problems(facts(), None) == []


def test_an_account_in_use_is_kept() -> None:
    assert accounts.default_problems(facts(), {"stock_account": "1405"})
    assert not accounts.default_problems(facts(), {"stock_account": "1406"})


def test_named_accounts_of_a_company_exist_and_are_its_own() -> None:
    known = {"1405": facts(), "x": facts(name="x", company="Other")}
    chosen = {"stock_account": "1405", "cogs_account": "x", "grni_account": "missing"}
    assert len(accounts.company_account_problems("Co", "CNY", chosen, known)) == 2


@pytest.mark.parametrize("abbr", ["", " ", "A B"])
def test_an_abbreviation_is_one_word(abbr: str) -> None:
    assert accounts.abbr_problems(abbr)


@pytest.mark.parametrize(("company", "day", "closed"), [("Co", 31, True), ("Co", 1, True), ("Other", 5, False)])
def test_a_closed_period_includes_both_ends(company: str, day: int, closed: bool) -> None:
    period = ClosedPeriod("P", "Co", date(2026, 10, 1), date(2026, 10, 31))
    assert (closing_period(company, date(2026, 10, day), [period]) is not None) == closed


def test_lines_of_one_account_and_dimensions_are_one_line() -> None:
    here, there = Dimensions(warehouse="here"), Dimensions(warehouse="there")
    lines = [
        Line("S", Decimal(2), here),
        Line("S", Decimal(3), here),
        Line("S", Decimal(1), there),
        Line("S", Decimal(-1), there),
    ]
    assert merged(lines) == [Line("S", Decimal(5), here)]
