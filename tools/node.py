"""Finds Node.js for building the desk, or brings it from PyPI.

Invariant: a Node of the system is used when it is new enough and has npm; nothing is installed beside the bench.
"""

import re

from tools import python_env
from tools.layout import Bench
from tools.shell import output_of, say

MINIMUM_NODE = 20


def ensure(bench: Bench) -> None:
    """Make `node` and `npm` callable with the bench's environment."""
    if is_there(bench):
        return
    say(f"no Node.js of version {MINIMUM_NODE} or later in PATH; taking the one from PyPI")
    python_env.ensure_layer(bench, "node")


def is_there(bench: Bench) -> bool:
    """Say whether the bench's PATH has a Node that is new enough, and npm."""
    env = bench.environment()
    version = output_of(["node", "--version"], env=env)
    return major(version) >= MINIMUM_NODE and output_of(["npm", "--version"], env=env) is not None


def major(version: str | None) -> int:
    """Return the major number of what `node --version` prints, 0 for none."""
    matched = re.match(r"v(\d+)\.", version or "")
    return int(matched.group(1)) if matched else 0
