"""Tasks report what failed, and what they make for tests or remove leaves the user's sites alone."""

import pytest

from tools import __main__ as tasks
from tools import configuration, quality, trial_bench
from tools.layout import REPOSITORY, Bench
from tools.settings import Settings
from tools.shell import ToolError


def test_an_unknown_task_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        tasks.main(["no-such-task"])
    assert refused.value.code == 2
    assert "no-such-task" in capsys.readouterr().err


def test_a_task_that_fails_says_why_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "none")
    assert tasks.main(["start"]) == 1
    assert "PORT must be a number" in capsys.readouterr().err


def test_every_task_of_the_makefile_exists() -> None:
    called = {line.split()[1] for line in (REPOSITORY / "Makefile").read_text().splitlines() if "$(TASK) " in line}
    assert called
    assert called <= set(tasks.TASKS)


def test_check_stops_at_the_first_failure_and_shows_times(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []

    def fail(_bench: Bench, _words: list[str]) -> None:
        raise ToolError("broken")

    monkeypatch.setitem(tasks.TASKS, "lint", lambda _bench, _words: done.append("lint"))
    monkeypatch.setitem(tasks.TASKS, "test", fail)
    monkeypatch.setitem(tasks.TASKS, "test-services", lambda _bench, _words: done.append("services"))
    with pytest.raises(ToolError, match="broken"):
        tasks.check(bench, [])
    printed = capsys.readouterr().out
    assert done == ["lint"]
    assert "lint" in printed
    assert "test " in printed


def test_every_lint_runs_even_if_an_earlier_one_failed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def failing() -> None:
        ran.append("first")
        raise ToolError("found something")

    monkeypatch.setattr(quality, "checks", lambda _bench: [("one", failing), ("two", lambda: ran.append("second"))])
    with pytest.raises(ToolError, match="one"):
        quality.check_all(bench)
    assert ran == ["first", "second"]


def test_a_trial_bench_shares_code_and_nothing_else(bench: Bench) -> None:
    configuration.write(bench, Settings(site="mine.localhost"))
    before = (bench.sites / "common_site_config.json").read_text()
    trial = trial_bench.make(bench, "trial")
    configuration.write(trial, Settings(site="theirs.localhost"))
    assert trial.apps.resolve() == bench.apps
    assert (bench.sites / "common_site_config.json").read_text() == before
    assert "mine" not in (trial.sites / "common_site_config.json").read_text()


def test_a_trial_bench_starts_empty_each_time(bench: Bench) -> None:
    (trial_bench.make(bench, "trial").sites / "left.localhost").mkdir()
    assert list(trial_bench.make(bench, "trial").sites.iterdir()) == []
    assert (bench.root / "Procfile").exists()


def test_cleaning_keeps_sites(bench: Bench) -> None:
    site = bench.sites / "mine.localhost" / "site_config.json"
    site.parent.mkdir()
    site.write_text("{}")
    built = bench.sites / "assets" / "desk.js"
    built.parent.mkdir()
    built.touch()
    tasks.clean(bench, [])
    assert site.exists()
    assert not built.exists()
    assert not bench.env.is_symlink()
