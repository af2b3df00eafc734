"""Every DocType of every app keeps the rules; an app inherits them by having DocTypes."""

import importlib

import pytest
from doctype_files import DocTypeFile, read_bench
from doctype_rules import RULES

BENCH = read_bench()


@pytest.mark.parametrize("name", sorted(BENCH.doctypes))
@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str, name: str) -> None:
    """The DocType breaks the rule nowhere."""
    file = BENCH.doctypes[name]
    breaches = list(RULES[rule](file, BENCH))
    assert not breaches, f"{file.app} / {name}: {RULES[rule].__doc__}\n  " + "\n  ".join(breaches)


@pytest.mark.parametrize("name", sorted(BENCH.doctypes))
def test_controller_can_be_imported(name: str) -> None:
    """The controller imports and its class is a document."""
    document = pytest.importorskip("frappe.model.document", reason="the framework's Document is not built yet")
    file = BENCH.doctypes[name]
    controller = getattr(importlib.import_module(module_of(file)), name.replace(" ", "").replace("-", ""))
    assert issubclass(controller, document.Document)


def module_of(file: DocTypeFile) -> str:
    """Return the dotted path of a controller."""
    parts = file.controller.with_suffix("").parts
    return ".".join(parts[parts.index("apps") + 2 :])
