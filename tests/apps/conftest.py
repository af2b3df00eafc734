"""A bench of the test's own with an app of somebody else in it, driven by the real `bench`."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from frappe_engine.testing import database

from tools.layout import REPOSITORY

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from driven_bench import SITE, TrialBench  # noqa: E402 - importable from here on

collect_ignore = ["book_club"]  # its tests run by `bench run-tests`, on a site that has it


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialBench]:
    """A bench with the framework, the app book_club, and a site without it."""
    root = tmp_path_factory.mktemp("bench")
    for folder in ("apps", "sites", "config/pids", "logs"):
        (root / folder).mkdir(parents=True)
    (root / "env").symlink_to(REPOSITORY / "env")
    (root / "apps/frappe").symlink_to(REPOSITORY / "apps/frappe")
    shutil.copytree(HERE / "book_club", root / "apps/book_club")
    (root / "Procfile").write_text("web: bench serve\n")
    (root / "sites/apps.txt").write_text("frappe\nbook_club\n")
    around = {
        key: value
        for key, value in database.bench_config().items()
        if not key.startswith("redis") and value is not None
    }
    configuration = {**around, "frappe_user": getpass.getuser()}
    (root / "sites/common_site_config.json").write_text(json.dumps(configuration))
    made = TrialBench(root, "book_club")
    made.run("new-site", SITE, "--admin-password", "secret", *options())
    yield made
    made.run("drop-site", SITE, "--no-backup", "--force", *options()[2:])


def options() -> list[str]:
    """Give the options by which `bench new-site` finds the database of this run."""
    if database.db_type() == "sqlite":
        return ["--db-type", "sqlite"]
    password = os.environ.get("EC_TEST_DB_ROOT_PASSWORD", "")
    return ["--db-type", "mariadb", "--db-root-username", "root", "--db-root-password", password]
