"""Installs Debian packages when allowed to, and otherwise says which are missing.

Invariant: never starts or restarts a service of the system; never touches what is already installed.
"""

import contextlib
import os
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.shell import ToolError, find_program, output_of, run, say, warn

SERVICE_POLICY = Path("/usr/sbin/policy-rc.d")
ATTEMPTS = 3


def is_installed(package: str) -> bool:
    """Say whether a Debian package is installed and configured."""
    return output_of(["dpkg-query", "-W", "-f", "${db:Status-Status}", package]) == "installed"


def require(packages: Sequence[str], *, purpose: str) -> None:
    """Make sure packages are installed: installs them as root, else raises ToolError naming them."""
    missing = [package for package in packages if not is_installed(package)]
    if not missing:
        return
    if os.geteuid() != 0 or find_program("apt-get") is None:
        raise ToolError(f"packages are missing for {purpose}; run: sudo apt-get install {' '.join(missing)}")
    say(f"installing {' '.join(missing)} for {purpose}")
    with services_kept_down():
        install(missing)


def offer(packages: Sequence[str], *, purpose: str) -> None:
    """Make sure of packages that only part of the product needs: as root installs them, else says what won't work."""
    try:
        require(packages, purpose=purpose)
    except ToolError as error:
        warn(f"{purpose} will not work until this is done: {error}")


def install(packages: Sequence[str]) -> None:
    """Install packages by apt, refreshing its lists first; a failing mirror is tried again."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            refresh_lists(env)
            run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env=env)
        except ToolError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(5 * attempt)
        else:
            return


def refresh_lists(env: dict[str, str]) -> None:
    """Update apt's package lists; when one of its sources fails, the others may still be enough."""
    try:
        run(["apt-get", "update", "-q"], env=env)
    except ToolError as error:
        warn(f"going on with the package lists at hand: {error}")


@contextlib.contextmanager
def services_kept_down(policy: Path = SERVICE_POLICY) -> Iterator[None]:
    """Keep packages from starting their services while they are installed, by Debian's own policy hook."""
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    policy.chmod(policy.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    try:
        yield
    finally:
        policy.unlink()
