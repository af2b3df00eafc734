"""Work is repeated exactly when its input or its result changed."""

import os
from pathlib import Path

import pytest

from tools import configuration, frontends, locking
from tools.layout import Bench
from tools.settings import Settings
from tools.shell import ToolError
from tools.stamps import digest_of, files_below, read_record, write_record

from .conftest import Calls


@pytest.fixture
def bundle(bench: Bench) -> Path:
    """Return a source that `bench build` reads."""
    configuration.write(bench, Settings())
    file = bench.apps / "ec_erp" / "ec_erp" / "public" / "js" / "shop.bundle.js"
    file.parent.mkdir(parents=True)
    file.write_text("one")
    return file


def test_digest_depends_on_names_contents_and_facts_but_not_on_place_or_time(tmp_path: Path) -> None:
    digests = []
    for place, name, content, fact in [
        ("a", "n", "x", "1"),
        ("b", "n", "x", "1"),
        ("a", "m", "x", "1"),
        ("a", "n", "y", "1"),
        ("a", "n", "x", "2"),
    ]:
        folder = tmp_path / place
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(content)
        os.utime(folder / name, (len(digests), len(digests)))
        digests.append(digest_of(folder, [folder / name], fact))
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


def test_generated_folders_are_no_source(tmp_path: Path) -> None:
    for name in ("src/a.ts", "node_modules/b.js", "dist/c.js"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    assert [file.name for file in files_below(tmp_path)] == ["a.ts"]


def test_a_record_cut_off_in_writing_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    write_record(file, {"a": "值"})
    assert read_record(file) == {"a": "值"}
    file.write_text(file.read_text()[:5])
    assert read_record(file) == {}


def test_the_desk_is_built_once_for_the_same_sources(bench: Bench, calls: Calls, bundle: Path) -> None:
    frontends.ensure_built(bench)
    os.utime(bundle, (1, 1))
    frontends.ensure_built(bench)
    assert calls.new() == ["build"]


def test_a_changed_source_is_built_again(bench: Bench, calls: Calls, bundle: Path) -> None:
    frontends.ensure_built(bench)
    bundle.write_text("two")
    frontends.ensure_built(bench)
    assert calls.new() == ["build", "build"]


def test_a_lost_result_is_built_again(bench: Bench, calls: Calls, bundle: Path) -> None:
    result = bench.sites / "assets" / "shop.js"
    result.parent.mkdir()
    result.touch()
    frontends.ensure_built(bench)
    result.unlink()
    frontends.ensure_built(bench)
    assert calls.new() == ["build", "build"]


def test_a_failed_build_is_not_taken_for_done(bench: Bench, calls: Calls, bundle: Path) -> None:
    (bench.sites / "fail_at").write_text("build")
    with pytest.raises(ToolError, match="build"):
        frontends.ensure_built(bench)
    (bench.sites / "fail_at").unlink()
    calls.new()
    frontends.ensure_built(bench)
    assert calls.new() == ["build"]


def test_a_lock_admits_one_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with locking.exclusive(file, refusal="busy"), pytest.raises(ToolError, match="busy"):  # noqa: SIM117
        with locking.exclusive(file, refusal="busy"):
            pass
    with locking.exclusive(file, refusal="busy"):
        pass
