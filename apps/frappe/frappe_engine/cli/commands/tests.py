"""Commands that run tests of apps.

Invariant: the exit status is 0 only when at least one test ran and all passed.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from frappe_engine.cli import test_running as running
from frappe_engine.cli.context import one_site, profiled, say, unsupported
from frappe_engine.context.errors import ValidationError
from frappe_engine.context.hooks import get_installed_apps
from frappe_engine.context.local import current


def _doctypes(given: str | None, list_path: str | None) -> list[str]:
    names = [given] if given else []
    if list_path:
        with open(list_path, encoding="utf-8") as file:
            names += [line.strip() for line in file if line.strip()]
    return names


@click.command("run-tests")
@click.option("--app", help="Tests of this app.")
@click.option("--doctype", help="Tests of this DocType.")
@click.option("--module-def", help="Tests of this module of an app.")
@click.option("--case", help="Only this class.")
@click.option("--doctype-list-path", type=click.Path(exists=True), help="A file with DocTypes, one per line.")
@click.option("--test", multiple=True, help="Only the test of this name; may be given several times.")
@click.option("--module", help="Tests of this Python module.")
@click.option("--profile", is_flag=True, help="Say where the time went.")
@click.option("--coverage", is_flag=True, help="Measure coverage (needs the package coverage).")
@click.option("--skip-test-records", is_flag=True, help="Don't make the records that tests ask for.")
@click.option("--skip-before-tests", is_flag=True, help="Don't run the hooks before_tests.")
@click.option("--junit-xml-output", help="Write the results to this file, as CI servers read them.")
@click.option("--failfast", is_flag=True, help="Stop at the first failure.")
@one_site
def run_tests(**given: Any) -> None:
    """Run tests on the site."""
    choice = running.TestChoice(
        app=given["app"],
        doctypes=_doctypes(given["doctype"], given["doctype_list_path"]),
        module_def=given["module_def"],
        module=given["module"],
        case=given["case"],
        tests=given["test"],
    )
    try:
        running.check_allowed()
        names = running.modules_of(choice)
        run_modules(names, choice, given)
    except ValidationError as error:
        raise click.ClickException(str(error)) from error


def run_modules(names: list[str], choice: running.TestChoice, given: dict[str, Any]) -> None:
    """Run the chosen tests of modules; leaves with exit status 1 unless all passed."""
    apps = [choice.app] if choice.app else get_installed_apps()
    current().flags.skip_test_records = bool(given.get("skip_test_records"))
    running.prepare(apps, before_tests=not given.get("skip_before_tests"))
    suite = running.load(names, choice)
    measured = _coverage(given.get("coverage"), apps)

    def act() -> running.Outcome:
        return running.run(
            suite, failfast=bool(given.get("failfast")), verbosity=2 if current().command_options.verbose else 1
        )

    outcome: running.Outcome = profiled(act) if given.get("profile") else act()
    if measured is not None:
        measured.stop()
        measured.save()
        measured.report()
    if given.get("junit_xml_output"):
        with open(given["junit_xml_output"], "w", encoding="utf-8") as file:
            file.write(running.junit_xml(outcome))
    current().db.rollback()
    if not outcome.result.testsRun:
        say("No tests were found")
    if not outcome.result.wasSuccessful() or not outcome.result.testsRun:
        sys.exit(1)


def _coverage(wanted: Any, apps: list[str]) -> Any:
    if not wanted:
        return None
    try:
        import coverage  # type: ignore[import-not-found]  # an extra of developers
    except ImportError as error:
        raise click.ClickException("The package coverage is not installed: env/bin/pip install coverage") from error
    measured = coverage.Coverage(source=apps)
    measured.start()
    return measured


@click.command("run-parallel-tests")
@click.option("--app", required=True, help="The app.")
@click.option("--build-number", type=click.IntRange(min=1), default=1, help="Which share this machine runs.")
@click.option("--total-builds", type=click.IntRange(min=1), default=1, help="How many shares there are.")
@click.option("--with-coverage", is_flag=True, help="Measure coverage (needs the package coverage).")
@click.option("--use-orchestrator", is_flag=True, help="Accepted; shares are fixed.")
@click.option("--dry-run", is_flag=True, help="Only list the modules.")
@one_site
def run_parallel_tests(
    app: str, build_number: int, total_builds: int, with_coverage: bool, dry_run: bool, **_given: Any
) -> None:
    """Run one share of an app's tests, for several machines together."""
    choice = running.TestChoice(app=app)
    try:
        running.check_allowed()
        names = running.share(running.modules_of(choice), build_number, total_builds)
        if dry_run:
            for name in names:
                say(name)
            return
        run_modules(names, choice, {"coverage": with_coverage})
    except ValidationError as error:
        raise click.ClickException(str(error)) from error


commands = [
    run_tests,
    run_parallel_tests,
    unsupported("run-ui-tests", "journeys in a browser run by `make test-e2e`, with Playwright"),
]
