"""Accounts: what a chart is, how accounts are called, which ones may be used where.

Invariant: the name of an account is ``<code> <name> - <abbreviation of the company>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ec_erp.accounting.types import AccountFacts, AccountPlan
from ec_erp.kernel.problems import N_, Problem, problem


def account_title(code: str, name: str, abbr: str) -> str:
    """Return the name of an account: ``1405 库存商品 - MJ``."""
    return f"{code} {name} - {abbr}"


def read_chart(chart: Mapping[str, Any]) -> list[AccountPlan]:
    """Return a chart's accounts, groups before their members.

    A node is ``{code, name, name_en, root_type (at the top), type?, roles?, accounts?}``; members inherit the root
    type.
    """
    return [plan for root in chart["accounts"] for plan in _walk(root, None, root["root_type"])]


def _walk(node: Mapping[str, Any], parent: str | None, root_type: str) -> Iterable[AccountPlan]:
    members = node.get("accounts", [])
    yield AccountPlan(
        code=node["code"],
        name=node["name"],
        name_en=node["name_en"],
        parent=parent,
        is_group=bool(members),
        root_type=root_type,
        account_type=node.get("type", ""),
        roles=tuple(node.get("roles", ())),
    )
    for member in members:
        yield from _walk(member, node["code"], root_type)


def abbr_problems(abbr: str) -> list[Problem]:
    """Return what is wrong with a company's abbreviation."""
    if not abbr.strip() or any(character.isspace() for character in abbr):
        return [problem(N_("The abbreviation must be one word"))]
    return []


def company_account_problems(
    company: str, currency: str, chosen: Mapping[str, str], accounts: Mapping[str, AccountFacts]
) -> list[Problem]:
    """Return what is wrong with the accounts that a company names for postings, by role (Company field)."""
    found = []
    for account_name in sorted(set(chosen.values())):
        account = accounts.get(account_name.casefold())
        if account is None:
            found.append(problem(N_("The account {0} does not exist"), account_name))
        else:
            found.extend(usable_problems(account, company, currency))
    return found


def usable_problems(account: AccountFacts, company: str, currency: str) -> list[Problem]:
    """Return why a posting of the company can't go to an account."""
    if account.company != company:
        return [problem(N_("The account {0} belongs to {1}, not to {2}"), account.name, account.company, company)]
    if account.is_group:
        return [problem(N_("{0} is a group; postings go to the accounts inside it"), account.name)]
    if account.disabled:
        return [problem(N_("The account {0} is disabled"), account.name)]
    if account.currency and account.currency != currency:
        return [problem(N_("The account {0} is kept in {1}, not in {2}"), account.name, account.currency, currency)]
    return []


def parent_problems(child: AccountFacts, parent: AccountFacts | None) -> list[Problem]:
    """Return why an account can't stand under its parent (None: at the top)."""
    if parent is None:
        return []
    found = []
    if not parent.is_group:
        found.append(problem(N_("The parent account {0} is not a group"), parent.name))
    if parent.company != child.company:
        found.append(problem(N_("The parent account {0} belongs to {1}"), parent.name, parent.company))
    if parent.root_type != child.root_type:
        found.append(problem(N_("An account under {0} has its root type, {1}"), parent.name, parent.root_type))
    return found


def default_problems(account: AccountFacts, chosen: Mapping[str, str]) -> list[Problem]:
    """Return why an account can't be disabled or made a group: postings of its company use it."""
    if account.name in chosen.values():
        return [
            problem(
                N_("{0} is one of the accounts that {1} posts to; choose another one there first"),
                account.name,
                account.company,
            )
        ]
    return []
