"""A site is made once, completed after a start that was cut off, and never overwritten."""

import pytest

from tools import configuration, site
from tools.layout import Bench
from tools.settings import Settings
from tools.shell import ToolError

from .conftest import Calls

PASSWORD = "a-long-one"
SETTINGS = Settings(site="shop.localhost", admin_password=PASSWORD)
CREATED = f"new-site shop.localhost --db-type sqlite --admin-password {PASSWORD}"
FIRST_START = [CREATED, "--site shop.localhost install-app ec_erp", "--site shop.localhost ec-demo"]


@pytest.fixture(autouse=True)
def configured(bench: Bench) -> None:
    """Bench refuses to work for root without a configuration."""
    configuration.write(bench, SETTINGS)


def test_first_start_makes_the_site_with_app_and_demo(bench: Bench, calls: Calls) -> None:
    assert site.ensure(bench, SETTINGS) == PASSWORD
    assert calls.new() == FIRST_START


def test_second_start_runs_no_command(bench: Bench, calls: Calls) -> None:
    site.ensure(bench, SETTINGS)
    calls.new()
    assert site.ensure(bench, Settings(site="shop.localhost")) == PASSWORD
    assert calls.new() == []


def test_a_random_password_is_kept_for_the_owner_only(bench: Bench) -> None:
    password = site.ensure(bench, Settings(site="shop.localhost"))
    file = bench.sites / "shop.localhost" / ".admin_password"
    assert file.read_text().strip() == password
    assert file.stat().st_mode & 0o777 == 0o600
    assert password is not None
    assert len(password) >= 16


def test_another_password_is_set_on_the_next_start(bench: Bench, calls: Calls) -> None:
    site.ensure(bench, SETTINGS)
    calls.new()
    assert site.ensure(bench, Settings(site="shop.localhost", admin_password="newer")) == "newer"
    assert calls.new() == ["--site shop.localhost set-admin-password newer"]


def test_changed_metadata_is_migrated_once(bench: Bench, calls: Calls) -> None:
    site.ensure(bench, SETTINGS)
    (bench.apps / "ec_erp" / "ec_erp" / "patches.txt").write_text("ec_erp.patches.a_new_one\n")
    calls.new()
    site.ensure(bench, SETTINGS)
    site.ensure(bench, SETTINGS)
    assert calls.new() == ["--site shop.localhost migrate"]


@pytest.mark.parametrize(
    ("failing", "again"),
    [
        ("new-site", [CREATED, *FIRST_START[1:]]),
        ("install-app", [FIRST_START[1] + " --force", FIRST_START[2]]),
        ("ec-demo", [FIRST_START[2]]),
    ],
)
def test_a_start_that_was_cut_off_is_completed(bench: Bench, calls: Calls, failing: str, again: list[str]) -> None:
    (bench.sites / "fail_at").write_text(failing)
    with pytest.raises(ToolError, match=failing):
        site.ensure(bench, SETTINGS)
    (bench.sites / "fail_at").unlink()
    calls.new()
    site.ensure(bench, SETTINGS)
    assert calls.new() == again


def test_remains_of_a_half_made_site_are_replaced(bench: Bench, calls: Calls) -> None:
    (bench.sites / "fail_at").write_text("new-site")
    with pytest.raises(ToolError):
        site.ensure(bench, SETTINGS)
    (bench.sites / "fail_at").unlink()
    (bench.sites / "shop.localhost").mkdir()
    calls.new()
    site.ensure(bench, SETTINGS)
    assert calls.new()[0] == f"{CREATED} --force"


def test_a_removed_site_is_made_anew_with_everything(bench: Bench, calls: Calls) -> None:
    site.ensure(bench, SETTINGS)
    (bench.sites / "shop.localhost" / "site_config.json").unlink()
    (bench.sites / "shop.localhost" / ".admin_password").unlink()
    (bench.sites / "shop.localhost").rmdir()
    calls.new()
    site.ensure(bench, SETTINGS)
    assert calls.new() == FIRST_START


def test_a_site_made_by_hand_is_not_created_over_and_gets_no_demo(bench: Bench, calls: Calls) -> None:
    (bench.sites / "shop.localhost").mkdir()
    (bench.sites / "shop.localhost" / "site_config.json").write_text("{}")
    assert site.ensure(bench, Settings(site="shop.localhost")) is None
    assert calls.new() == ["--site shop.localhost install-app ec_erp"]


def test_demo_can_be_declined_and_asked_for_later(bench: Bench, calls: Calls) -> None:
    site.ensure(bench, Settings(site="shop.localhost", demo=False))
    site.ensure(bench, Settings(site="shop.localhost"))
    assert "--site shop.localhost ec-demo" not in calls.new()
    site.ensure(bench, Settings(site="shop.localhost", demo=True))
    site.ensure(bench, Settings(site="shop.localhost", demo=True))
    assert calls.new() == ["--site shop.localhost ec-demo"]
