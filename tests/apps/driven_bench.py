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

    def run(self, *words: str, status: int = 0, given: str | None = None) -> str:
        """Run `bench` with words (and input); gives what it printed. Fails unless it ends with `status`."""
        done = subprocess.run(
            [str(self.root / "env/bin/bench"), *words], cwd=self.root, env=self.environment(), input=given,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == status, f"bench {' '.join(words)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def on_site(self, *words: str, status: int = 0, given: str | None = None) -> str:
        """Run a command for the bench's site."""
        return self.run("--site", SITE, *words, status=status, given=given)

    def framework(self, *words: str) -> str:
        """Run the framework as `bench` itself does, for what bench keeps to itself."""
        command = [str(self.root / "env/bin/python"), "-m", "frappe.utils.bench_helper"]
        known = [*command, *([] if words[0].startswith("get-frappe") else ["frappe"]), *words]
        done = subprocess.run(
            known, cwd=self.root / "sites", env=self.environment(), capture_output=True, text=True, check=True, timeout=60,
            input="\n" * 8,
        )  # fmt: skip
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `bench` with words in a process group of its own."""
        command = [str(self.root / "env/bin/bench"), *words]
        return subprocess.Popen(
            command, cwd=self.root, env=self.environment(), text=True, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """Give the variables in which `bench` finds the apps."""
        folders = [REPOSITORY / "apps/frappe", self.root / "apps" / self.app, self.root / "apps/brand_new"]
        path = os.pathsep.join(str(folder) for folder in folders)
        known = {name: text for name, text in os.environ.items() if name != "FRAPPE_SITE"}
        return {**known, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}
