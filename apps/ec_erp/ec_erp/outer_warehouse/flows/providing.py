"""Providers of warehouses: what their settings must be.

Invariant: own people and a provider do not work in the same warehouse.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.errors import ProviderRefused

ADAPTERS = "ec_erp_provider_adapters"
SIGNED_HTTP = "Signed HTTP"


def check(doc: Any) -> None:
    """Refuse what can't work; give a new provider a secret."""
    if not doc.secret and not doc.get_password("secret", raise_exception=False):
        doc.secret = frappe.generate_hash(length=40)
    before = doc.get_doc_before_save()
    moved = before is not None and before.warehouse != doc.warehouse
    problems = [_address(doc), _adapter(doc), _waves(doc)]
    if moved and store.has_live_tasks(doc.name):
        problems.append(problem(N_("{0} has orders that are not settled: the warehouse can't change"), doc.name))
    refuse(filter(None, problems), ProviderRefused)


def _address(doc: Any) -> Problem | None:
    wanted = doc.adapter == SIGNED_HTTP and not doc.paused and not doc.disabled
    if wanted and not str(doc.base_url or "").startswith(("https://", "http://")):
        return problem(N_("Say at which address (https://…) the provider takes messages"))
    return None


def _adapter(doc: Any) -> Problem | None:
    known = adapters()
    return (
        None
        if doc.adapter in known
        else problem(N_("There is no adapter {0}; known are {1}"), doc.adapter, ", ".join(sorted(known)))
    )


def _waves(doc: Any) -> Problem | None:
    if not doc.disabled and store.has_wave_rules(doc.warehouse):
        return problem(N_("{0} has wave rules for own people; disable them first"), doc.warehouse)
    return None


def adapters() -> dict[str, str]:
    """Return the known adapters: name → dotted path of ``f(provider, envelope) -> Reply``."""
    hooks = frappe.get_hooks(ADAPTERS) or {}
    return {name: paths[-1] if isinstance(paths, list) else paths for name, paths in hooks.items()}
