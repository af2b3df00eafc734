"""Running the real `bench` in a folder of the test's own."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.layout import REPOSITORY

SITE = "club.localhost"


@dataclass(frozen=True)
class TrialBench:
    """A bench folder with the framework and one more app."""

    root: Path
    app: str

    def run(self, *words: str, status: int = 0) -> str:
        """Run `bench` with words; gives what it printed. Fails unless it ends with `status`."""
        python_path = os.pathsep.join([str(REPOSITORY / "apps/frappe"), str(self.root / "apps" / self.app)])
        environment = {**os.environ, "PYTHONPATH": python_path, "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}
        environment.pop("FRAPPE_SITE", None)
        done = subprocess.run(
            [str(self.root / "env/bin/bench"), *words],
            cwd=self.root, env=environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == status, f"bench {' '.join(words)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def on_site(self, *words: str, status: int = 0) -> str:
        """Run a command for the bench's site."""
        return self.run("--site", SITE, *words, status=status)
