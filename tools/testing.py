"""Runs the tests: without services, on MariaDB and Redis, and in a browser.

Invariant: what a run needs is made first, and whatever it started ends with it.
"""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools import configuration, debian, frontends, python_env, services, serving, site, trial_bench
from tools.layout import Bench
from tools.settings import LARGEST_PORT, REALTIME_OFFSET, Settings
from tools.shell import ToolError, find_program, run, say

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable")
BROWSER_PACKAGES = ("chromium", "fonts-wqy-zenhei")
NEEDS_NO_SERVER = "not services and not e2e"


def run_plain(bench: Bench) -> None:
    """Run all tests that need no server."""
    python_env.ensure(bench, "dev")
    pytest(bench, NEEDS_NO_SERVER, processes=parallel())


def run_on_services(bench: Bench) -> None:
    """Run the same tests, and those that need services, on a MariaDB and a Redis of our own."""
    with_services(bench, lambda environment: pytest(bench, "not e2e", environment, processes=parallel()))


def run_beside_services(bench: Bench, command: Sequence[str]) -> None:
    """Run any program, a benchmark for instance, beside a MariaDB and a Redis of our own."""
    with_services(bench, lambda environment: run(command, env=bench.environment(**environment)))


def with_services(bench: Bench, act: Callable[[dict[str, str]], None]) -> None:
    """Call `act` with the variables by which tests find the services, while these run."""
    services.require_programs()
    python_env.ensure(bench, "dev", "services")
    with services.running(bench) as running:
        act(running.environment())


def run_in_browser(bench: Bench) -> None:
    """Run the browser journeys against a bench served for them, with a new site and the demo company in it."""
    python_env.ensure(bench, "dev", "e2e")
    browser = browser_program()
    frontends.ensure_built(bench)
    trial = trial_bench.make(bench, "e2e")
    settings = Settings(port=free_port_pair(), site="e2e.localhost", demo=True)
    configuration.write(trial, settings)
    password = site.ensure(trial, settings)
    with serving.in_background(trial, settings):
        say(f"journeys on {settings.url}")
        pytest(bench, "e2e", journey_environment(settings, password, browser), folders=["tests/e2e"])


def journey_environment(settings: Settings, password: str | None, browser: Path) -> dict[str, str]:
    """Return the variables by which the browser journeys find the site and the browser (see docs/install.md)."""
    return {
        "EC_E2E_URL": settings.url,
        "EC_E2E_SITE": settings.site,
        "EC_E2E_PASSWORD": password or "",
        "EC_E2E_BROWSER": str(browser),
    }


def parallel() -> int:
    """Return how many processes share the tests: one per core, up to eight."""
    return min(len(os.sched_getaffinity(0)), 8)


def browser_program() -> Path:
    """Return a Chromium, installing Debian's as root; raises ToolError when there is none."""
    chosen = os.environ.get("EC_E2E_BROWSER")
    if chosen:
        return Path(chosen)
    if find_program(*BROWSERS) is None:
        debian.require(BROWSER_PACKAGES, purpose="the browser journeys")
    browser = find_program(*BROWSERS)
    if browser is None:
        raise ToolError("no Chromium found; name one in EC_E2E_BROWSER")
    return browser


def free_port_pair() -> int:
    """Return a port that is free together with the realtime port that goes with it."""
    candidates = (services.free_port() for _attempt in range(50))
    fitting = (port for port in candidates if port + REALTIME_OFFSET <= LARGEST_PORT)
    return next(port for port in fitting if serving.is_free(port + REALTIME_OFFSET))


def pytest(
    bench: Bench,
    marks: str,
    environment: Mapping[str, str] | None = None,
    *,
    folders: Sequence[str] = (),
    processes: int = 1,
) -> None:
    """Run the tests with the given marks, all folders by default; ARGS holds further words for pytest."""
    extra = shlex.split(os.environ.get("ARGS", ""))
    # The tests of one file stay in one process: they share a site that takes a second to make.
    spread = ["-n", str(processes), "--dist", "loadfile"] if processes > 1 else []
    command = [str(bench.python), "-m", "pytest", "-m", marks, *spread, *extra, *folders]
    run(command, cwd=bench.root, env=bench.environment(**environment or {}))
