"""Running the tests of apps: finding them, preparing the site, telling how they went.

Invariant: tests run only on a site that allows it; the exit status says whether all passed.
"""

from __future__ import annotations

import os
import time
import unittest
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from xml.etree import ElementTree

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.hooks import get_app_path, get_attr, get_hooks, get_installed_apps
from frappe_engine.context.local import current
from frappe_engine.documents.controllers import doctype_module_path, module_app, module_of
from frappe_engine.kit.text import scrub

SKIPPED = frozenset({"node_modules", "public", "__pycache__", "templates", "www"})


@dataclass(frozen=True)
class TestChoice:
    """Which tests to run: those of an app, a DocType, a module of an app, one Python module; narrowed by class or name."""

    __test__ = False

    app: str | None = None
    doctypes: Sequence[str] = ()
    module_def: str | None = None
    module: str | None = None
    case: str | None = None
    tests: Sequence[str] = ()


@dataclass
class Outcome:
    """How a run went."""

    result: unittest.TestResult
    seconds: float
    cases: list[tuple[str, str, float, str, str]] = field(default_factory=list)


def check_allowed() -> None:
    """Raise `ValidationError` unless the connected site allows tests."""
    if not current().conf.get("allow_tests"):
        site = current().site
        raise ValidationError(
            f"Testing is disabled for the site! Allow it with: bench --site {site} set-config allow_tests true"
        )


def modules_of(choice: TestChoice) -> list[str]:
    """Give the Python modules that hold the chosen tests. Raises `ValidationError` when there is nothing of that name."""
    if choice.module:
        return [choice.module]
    if choice.doctypes:
        return [doctype_module_path(name, _module(name), prefix="test_") for name in choice.doctypes]
    if choice.module_def:
        app = module_app(choice.module_def)
        return list(find_modules(app, get_app_path(app, scrub(choice.module_def))))
    if choice.app and choice.app not in get_installed_apps():
        raise ValidationError(f"App {choice.app} is not installed on {current().site}")
    return [name for app in ([choice.app] if choice.app else get_installed_apps()) for name in find_modules(app)]


def _module(doctype: str) -> str:
    try:
        return module_of(doctype)
    except ImportError as error:
        raise ValidationError(f"There is no DocType {doctype}") from error


def find_modules(app: str, folder: str | None = None) -> Iterator[str]:
    """Give the modules `test_*.py` of an app, or of a folder in it."""
    root = get_app_path(app)
    for parent, folders, names in os.walk(folder or root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(names):
            if name.startswith("test_") and name.endswith(".py") and name != "test_runner.py":
                parts = os.path.relpath(os.path.join(parent, name), root).removesuffix(".py").split(os.sep)
                yield ".".join([app, *parts])


def load(names: Iterable[str], choice: TestChoice) -> unittest.TestSuite:
    """Give the chosen tests of modules. Raises `ValidationError` naming a module that is not there."""
    suite = unittest.TestSuite()
    for name in names:
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name and name.startswith(error.name):
                raise ValidationError(f"There is no module {name}") from error
            raise
        for test in flat(unittest.defaultTestLoader.loadTestsFromModule(module)):
            if _is_chosen(test, choice, name):
                suite.addTest(test)
    return suite


def _is_chosen(test: unittest.TestCase, choice: TestChoice, module: str) -> bool:
    if choice.case and type(test).__name__ != choice.case:
        return False
    if choice.tests and getattr(test, "_testMethodName", "") not in choice.tests:
        return False
    return type(test).__module__ == module


def flat(suite: Any) -> Iterator[unittest.TestCase]:
    """Give the test cases of a suite."""
    for entry in suite:
        if isinstance(entry, unittest.TestSuite):
            yield from flat(entry)
        else:
            yield entry


def prepare(apps: Sequence[str], *, before_tests: bool) -> None:
    """Set the connected site up for tests; commits."""
    flags = current().flags
    flags.in_test = True
    flags.mute_emails = True
    if before_tests:
        for app in apps:
            for path in get_hooks("before_tests", app_name=app):
                get_attr(path)()
    current().db.commit()


class TimedResult(unittest.TextTestResult):
    """Notes how long each test took and how it ended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.began = 0.0
        self.cases: list[tuple[str, str, float, str, str]] = []

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 - unittest's name
        """Start the clock."""
        self.began = time.monotonic()
        super().startTest(test)

    def _note(self, test: Any, kind: str, text: str = "") -> None:
        name = getattr(test, "_testMethodName", str(test))
        place = f"{type(test).__module__}.{type(test).__qualname__}"
        self.cases.append((place, name, time.monotonic() - self.began, kind, text))

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Note a success."""
        super().addSuccess(test)
        self._note(test, "passed")

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Note a failure."""
        super().addFailure(test, err)
        self._note(test, "failure", self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Note an error."""
        super().addError(test, err)
        self._note(test, "error", self.errors[-1][1])

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        """Note a skipped test."""
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)


def run(suite: unittest.TestSuite, *, failfast: bool = False, verbosity: int = 1, stream: Any = None) -> Outcome:
    """Run tests."""
    began = time.monotonic()
    runner = unittest.TextTestRunner(
        stream=stream, resultclass=TimedResult, failfast=failfast, verbosity=verbosity, buffer=False
    )
    result: Any = runner.run(suite)
    return Outcome(result, time.monotonic() - began, result.cases)


def junit_xml(outcome: Outcome) -> str:
    """Give a run in the xUnit form that CI servers read."""
    kinds = [case[3] for case in outcome.cases]
    suite = ElementTree.Element(
        "testsuite",
        name="run-tests",
        tests=str(len(kinds)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped=str(kinds.count("skipped")),
        time=f"{outcome.seconds:.3f}",
    )
    for place, name, seconds, kind, text in outcome.cases:
        case = ElementTree.SubElement(suite, "testcase", classname=place, name=name, time=f"{seconds:.3f}")
        if kind != "passed":
            ElementTree.SubElement(case, kind, message=text.strip().split("\n")[-1]).text = text
    root = ElementTree.Element("testsuites")
    root.append(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def share(names: Sequence[str], number: int, total: int) -> list[str]:
    """Give the modules that one of several machines runs (numbers from 1)."""
    return [name for position, name in enumerate(names) if position % total == number - 1]
