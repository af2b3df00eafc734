"""What the README shows works as shown, in both languages."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from .conftest import Served

ROOT = Path(__file__).resolve().parents[2]
SHELL_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def rest_example(name: str) -> str:
    """Return the README's block of shell commands that uses the REST interface."""
    return next(block for block in SHELL_BLOCK.findall((ROOT / name).read_text()) if "curl" in block)


@pytest.mark.parametrize(("name", "sku"), [("README.md", "CUP-EN"), ("README.zh-CN.md", "CUP-ZH")])
def test_the_rest_example_buys_sells_and_shows_the_ledger(name: str, sku: str, served: Served, tmp_path: Path) -> None:
    script = rest_example(name).replace("CUP-1", sku).replace("张三", f"买家 {sku}")
    env = {**os.environ, "url": served.url, "password": served.password}
    command = ["bash", "-euo", "pipefail", "-c", script]
    printed = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    movements = json.loads(printed.splitlines()[-1])["data"]
    figures = {
        entry["voucher_type"]: (entry["qty_change"], entry["qty_after"], entry["value_after"]) for entry in movements
    }
    assert figures == {"Purchase Receipt": (10, 10, 120), "Delivery Note": (-2, 8, 96)}
