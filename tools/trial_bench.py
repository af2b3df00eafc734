"""A second bench on the same code, with sites of its own, for tests that serve.

Invariant: nothing a test does there reaches the sites, the configuration or the logs of the user's own bench.
"""

import shutil

from tools.layout import Bench

SHARED = ("apps", "env", "Procfile")


def make(bench: Bench, name: str) -> Bench:
    """Return an empty bench below .services that shares the apps, the environment and the built assets."""
    root = bench.services / name
    shutil.rmtree(root, ignore_errors=True)
    trial = Bench(root)
    trial.make_folders()
    for shared in SHARED:
        (root / shared).symlink_to(bench.root / shared)
    assets = bench.sites / "assets"
    if assets.exists():
        (trial.sites / "assets").symlink_to(assets)
    return trial
