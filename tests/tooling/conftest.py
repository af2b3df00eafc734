"""A bench folder for each test, driven by the real `bench` of env/ with a stand-in for the framework."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tools.layout import REPOSITORY, Bench

STAND_IN = Path(__file__).parent / "stand_in"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return an empty bench whose commands reach the stand-in."""
    made = Bench(tmp_path / "bench")
    made.make_folders()
    for app in ("frappe", "ec_erp"):
        package = made.apps / app / app
        package.mkdir(parents=True)
        for name in ("hooks.py", "modules.txt", "patches.txt"):
            (package / name).touch()
    shutil.copy(REPOSITORY / "Procfile", made.root)
    made.env.symlink_to(Path(sys.prefix))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(STAND_IN), str(REPOSITORY)]))
    return made


@pytest.fixture
def calls(bench: Bench) -> "Calls":
    """Return the log of what bench asked the framework."""
    return Calls(bench.sites / "calls.log")


class Calls:
    """The commands that reached the framework since one last looked."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.seen = 0

    def new(self) -> list[str]:
        """Return each new call's words as one line."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        fresh, self.seen = lines[self.seen :], len(lines)
        return [" ".join(json.loads(line)) for line in fresh]
