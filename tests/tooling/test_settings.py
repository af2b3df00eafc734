"""What the user chooses is checked before anything is done, and reaches the shared configuration."""

import json
import os
import pwd

import pytest

from tools import configuration
from tools.layout import Bench
from tools.settings import Settings, from_environment
from tools.shell import ToolError


def written(bench: Bench) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((bench.sites / "common_site_config.json").read_text())
    return loaded


def test_defaults_are_the_documented_ones() -> None:
    assert from_environment({}) == Settings(port=8000, site="ec.localhost", demo=None, admin_password=None)


def test_choices_are_read() -> None:
    chosen = from_environment({"PORT": "8123", "SITE": "shop.localhost", "DEMO": "0", "ADMIN_PASSWORD": "x y"})
    assert chosen == Settings(port=8123, site="shop.localhost", demo=False, admin_password="x y")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80a"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("SITE", "../evil"),
        ("SITE", "a b"),
        ("SITE", "a..b"),
        ("SITE", ".hidden"),
        ("SITE", "assets"),
        ("SITE", "all"),
        ("SITE", "--force"),
        ("DEMO", "maybe"),
    ],
)
def test_a_senseless_choice_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ToolError, match=name):
        from_environment({name: value})


@pytest.mark.parametrize(("port", "realtime"), [(8000, 9000), (64535, 65535), (64536, 63536), (65535, 64535)])
def test_the_realtime_port_lies_beside_the_web_port(port: int, realtime: int) -> None:
    assert Settings(port=port).realtime_port == realtime


def test_configuration_names_the_user_site_and_ports_and_no_redis(bench: Bench) -> None:
    configuration.write(bench, Settings(port=8123, site="shop.localhost"))
    assert written(bench) == {
        "default_site": "shop.localhost",
        "frappe_user": pwd.getpwuid(os.geteuid()).pw_name,
        "serve_default_site": True,
        "socketio_backend": "python",
        "socketio_port": 9123,
        "webserver_port": 8123,
    }


def test_configuration_keeps_what_others_wrote(bench: Bench) -> None:
    (bench.sites / "common_site_config.json").write_text('{"mail_server": "localhost", "webserver_port": 1}')
    configuration.write(bench, Settings(port=8123))
    assert written(bench)["mail_server"] == "localhost"
    assert written(bench)["webserver_port"] == 8123


def test_a_broken_configuration_is_reported_and_not_replaced(bench: Bench) -> None:
    file = bench.sites / "common_site_config.json"
    file.write_text('{"mail_server": ')
    with pytest.raises(ToolError, match=r"common_site_config\.json"):
        configuration.write(bench, Settings())
    assert file.read_text() == '{"mail_server": '


def test_the_apps_are_listed_and_those_added_later_stay(bench: Bench) -> None:
    file = bench.sites / "apps.txt"
    configuration.write(bench, Settings())
    assert file.read_text() == "frappe\nec_erp\n"
    file.write_text("frappe\nec_erp\nanother")
    configuration.write(bench, Settings())
    assert file.read_text().split() == ["frappe", "ec_erp", "another"]
