"""Entry point: `python3 -m tools TASK`, called by the Makefile.

Invariant: a task that could not be done ends with a status other than 0 and one line that says why.
"""

import argparse
import importlib.util
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable

from tools import (
    api_coverage,
    configuration,
    debian,
    frontends,
    locking,
    locks,
    process_tree,
    python_env,
    quality,
    services,
    serving,
    site,
    testing,
)
from tools.layout import Bench, repository_bench
from tools.settings import from_environment
from tools.shell import ToolError, run, say, warn

CHECK_STEPS = ("lint", "test", "test-services", "test-e2e")
MADE_BY_TOOLS = (
    *("env", ".services", "sites/assets", "sites/.setup/assets.json", "patches.txt"),
    *("apps/frappe/frappe/public/desk", "apps/ec_erp/ec_erp/public/frontend"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis"),
)


def main(words: list[str]) -> int:
    """Do one task; returns the exit status."""
    signal.signal(signal.SIGTERM, end_by_signal)
    if "MAKELEVEL" in os.environ:
        process_tree.die_with_parent()
    chosen = parser().parse_args(words)
    try:
        return TASKS[chosen.task](repository_bench(), chosen.words) or 0
    except ToolError as error:
        warn(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python3 -m tools", description="The bench's tasks; `make help` explains them.")
    made.add_argument("task", choices=sorted(TASKS))
    made.add_argument("words", nargs=argparse.REMAINDER, help="further words for tasks that take some")
    return made


def end_by_signal(_number: int, _frame: object) -> None:
    """Leave by an exception, so that everything that was started is ended on the way out."""
    sys.exit(128 + signal.SIGTERM)


def system_packages(_bench: Bench, _words: list[str]) -> None:
    """Install every Debian package that some task needs, in one go."""
    debian.require(all_packages(), purpose="the tests")


def all_packages() -> list[str]:
    """Return the Debian packages of all tasks."""
    venv = [] if importlib.util.find_spec("ensurepip") else python_env.venv_packages()
    groups = (
        venv,
        python_env.PRINT_PACKAGES,
        *python_env.BUILD_PACKAGES.values(),
        services.PACKAGES,
        testing.BROWSER_PACKAGES,
    )
    return [package for group in groups for package in group]


def set_up(bench: Bench, _words: list[str]) -> None:
    """Make env/ with the apps and the tools for tests."""
    python_env.ensure(bench, "dev")


def start(bench: Bench, _words: list[str]) -> int:
    """Make whatever is missing, then serve until Ctrl-C."""
    settings = from_environment(os.environ)
    serving.check(settings)
    with locking.exclusive(bench.root / "config/pids/start.lock", refusal="this bench is being served already"):
        python_env.ensure(bench)
        debian.offer(python_env.PRINT_PACKAGES, purpose="PDF of documents")
        configuration.write(bench, settings)
        frontends.ensure_built(bench)
        password = site.ensure(bench, settings)
        return serving.serve(bench, settings, password)


def build(bench: Bench, _words: list[str]) -> None:
    """Build the desk anew, whether or not it changed."""
    python_env.ensure(bench)
    frontends.build(bench)


def plain_tests(bench: Bench, _words: list[str]) -> None:
    """Run the tests that need no server."""
    testing.run_plain(bench)


def service_tests(bench: Bench, _words: list[str]) -> None:
    """Run the tests on MariaDB and Redis."""
    testing.run_on_services(bench)


def browser_tests(bench: Bench, _words: list[str]) -> None:
    """Run the browser journeys."""
    testing.run_in_browser(bench)


def with_services(bench: Bench, words: list[str]) -> None:
    """Run a program beside MariaDB and Redis."""
    testing.run_beside_services(bench, words)


def lint(bench: Bench, _words: list[str]) -> None:
    """Run every static check."""
    python_env.ensure(bench, "dev")
    quality.check_all(bench)


def check(bench: Bench, _words: list[str]) -> None:
    """Do all that CI does, in its order, stopping at the first failure; prints how long each step took."""
    taken: list[tuple[str, float]] = []
    try:
        for step in CHECK_STEPS:
            began = time.monotonic()
            try:
                TASKS[step](bench, [])
            finally:
                taken.append((step, time.monotonic() - began))
    finally:
        for step, seconds in taken:
            say(f"{step:<14} {seconds:7.1f} s")


def lock(bench: Bench, words: list[str]) -> None:
    """Resolve the lock files anew."""
    python_env.ensure_without_apps(bench)
    locks.write(bench, upgrade="--upgrade" in words)


def bench_orders(bench: Bench, words: list[str]) -> None:
    """Measure the order path and print the figures as JSON."""
    python_env.ensure(bench)
    run([bench.python, "benchmarks/orders.py", *words], cwd=bench.root, env=bench.environment())


def show_api_coverage(bench: Bench, words: list[str]) -> None:
    """Print how much of the framework's API the runtime has and the tests prove."""
    python_env.ensure(bench, "dev")
    api_coverage.show(bench, words)


def clean(bench: Bench, _words: list[str]) -> None:
    """Remove what the tools made; sites and their data stay."""
    for folder in frontends.frontends(bench):
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
    for name in MADE_BY_TOOLS:
        path = bench.root / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


TASKS: dict[str, Callable[[Bench, list[str]], int | None]] = {
    "setup": set_up,
    "system-packages": system_packages,
    "start": start,
    "build": build,
    "test": plain_tests,
    "test-services": service_tests,
    "test-e2e": browser_tests,
    "with-services": with_services,
    "lint": lint,
    "check": check,
    "lock": lock,
    "bench-orders": bench_orders,
    "api-coverage": show_api_coverage,
    "clean": clean,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
