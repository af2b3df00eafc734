"""Where things lie in a bench folder, and the environment its programs run in.

Invariant: every path is derived from the bench's root, so a bench works wherever it is cloned to.
"""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
APPS = ("frappe", "ec_erp")
FOLDERS_OF_A_BENCH = ("sites", "logs", "config/pids")


@dataclass(frozen=True)
class Bench:
    """One bench folder, as the `bench` command understands it."""

    root: Path

    @property
    def env(self) -> Path:
        """The virtual environment."""
        return self.root / "env"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.env / "bin" / "python"

    @property
    def command(self) -> Path:
        """The real `bench` command line, from PyPI."""
        return self.env / "bin" / "bench"

    @property
    def sites(self) -> Path:
        """One folder per site, and the configuration they share."""
        return self.root / "sites"

    @property
    def apps(self) -> Path:
        """One folder per app."""
        return self.root / "apps"

    @property
    def services(self) -> Path:
        """Data of the database and cache that tests start for themselves."""
        return self.root / ".services"

    def make_folders(self) -> None:
        """Create the folders by which `bench` recognises its own."""
        for name in FOLDERS_OF_A_BENCH:
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def environment(self, **extra: str) -> dict[str, str]:
        """Return the variables for the bench's programs: its own programs come first in PATH."""
        path = os.pathsep.join([str(self.env / "bin"), os.environ.get("PATH", os.defpath)])
        inherited = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "FRAPPE_SITE"}}
        return {**inherited, "PATH": path, "VIRTUAL_ENV": str(self.env), **extra}


def repository_bench() -> Bench:
    """Return the bench that this repository is."""
    return Bench(REPOSITORY)
