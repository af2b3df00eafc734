"""The npm package `frappe-js-sdk`, as published, against this server: what it does is in `sdk.test.mjs`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from frappe_engine.testing import TestSite
from frappe_engine.testing.serving import served as serving

from ..http.conftest import PASSWORD, served

__all__ = ["served"]
HERE = Path(__file__).parent
INSTALLS_WITHIN_S = 300


def node_environment() -> dict[str, str]:
    """The environment with Node.js on its path: the system's, or the one beside this interpreter."""
    return {**os.environ, "PATH": os.pathsep.join((os.environ["PATH"], str(Path(sys.executable).parent)))}


@pytest.fixture(scope="module")
def package() -> Path:
    """A folder with the package installed from the lock file, and the tests; kept for the next run."""
    environment = node_environment()
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        pytest.skip("Node.js is not there: make build brings it")
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = Path(os.environ.get("EC_TEST_CACHE") or tempfile.gettempdir()) / f"ec-test-sdk-{os.getuid()}-{lock}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "sdk.test.mjs"):
        shutil.copyfile(HERE / name, folder / name)
    if not (folder / "node_modules" / ".package-lock.json").exists():
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=INSTALLS_WITHIN_S)
    return folder


@pytest.fixture(scope="module")
def report(package: Path, served: TestSite) -> dict[str, str]:
    """What came out, by the name of each test: "ok", or what was wrong."""
    with serving(served) as address:
        words = ["node", "--test", "--test-reporter=tap", "sdk.test.mjs"]
        environment = {**node_environment(), "SITE_URL": address, "PASSWORD": PASSWORD}
        ran = subprocess.run(
            words, cwd=package, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
    blocks = re.split(r"(?m)^(?=(?:not )?ok \d+ - )", ran.stdout)
    found = {}
    for block in blocks[1:]:
        head, _line, rest = block.partition("\n")
        status, name = re.split(r" \d+ - ", head, maxsplit=1)
        found[name] = "ok" if status == "ok" else rest
    assert found, ran.stdout + ran.stderr
    return found


NAMES = re.findall(r"(?m)^test\('([^']+)'", (HERE / "sdk.test.mjs").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_package(report: dict[str, str], name: str) -> None:
    assert report[name] == "ok", report[name]
