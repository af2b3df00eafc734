"""Rewrites the lock files from their inputs (`make lock`).

Invariant: a lock names exact versions with the hashes of all their files, for every platform and Python from 3.11 on;
packages that several locks hold have one version.
"""

from collections.abc import Sequence

from tools.layout import APPS, Bench
from tools.shell import run, say

COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
    *("--no-config", "--default-index", "https://pypi.org/simple", "--no-emit-index-url", "--no-strip-extras"),
)
PROJECTS = tuple(f"apps/{app}/pyproject.toml" for app in APPS)
LOCKS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    # lock: (its inputs, the locks it must agree with)
    "main": ((*PROJECTS, "requirements/bench.in", "requirements/base.in"), ()),
    "base": (("requirements/base.in",), ("main",)),
    "dev": (("requirements/dev.in",), ("main",)),
    "e2e": (("requirements/e2e.in",), ("main", "dev")),
    "node": (("requirements/node.in",), ("main",)),
    "services": ((*PROJECTS, "requirements/bench.in", "requirements/base.in"), ("main", "dev")),
}
EXTRAS = {"services": ("--extra", "services")}


def write(bench: Bench, *, upgrade: bool) -> None:
    """Resolve every lock anew; versions stay as they are where they still fit, unless `upgrade`."""
    for name, (inputs, agreeing) in LOCKS.items():
        say(f"locking requirements/{name}.txt")
        constraints = [word for other in agreeing for word in ("-c", f"requirements/{other}.txt")]
        options = [*EXTRAS.get(name, ()), *constraints, *(["--upgrade"] if upgrade else [])]
        command = [bench.env / "bin" / "uv", *COMPILE, *inputs, *options, "-o", f"requirements/{name}.txt"]
        run(command, cwd=bench.root, env=bench.environment())
