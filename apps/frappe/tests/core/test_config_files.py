"""Configuration files are read again when they changed, and what callers do with the answer stays theirs."""

from __future__ import annotations

import json
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

from frappe_engine.context import config
from frappe_engine.context.config import read_json_file, settle_in_json_file, update_json_file

LONG_AGO_S = 1_000_000_000


def _settled(path: Path, content: dict[str, object]) -> str:
    path.write_text(json.dumps(content), encoding="utf-8")
    os.utime(path, (LONG_AGO_S, LONG_AGO_S))
    return str(path)


def test_a_settled_file_is_parsed_once(tmp_path: Path) -> None:
    path = _settled(tmp_path / "site_config.json", {"a": 1})
    with mock.patch.object(config, "_parsed", wraps=config._parsed) as parsed:
        assert [read_json_file(path) for _ in range(3)] == [{"a": 1}] * 3
    assert parsed.call_count == 1


def test_a_change_is_seen_at_once(tmp_path: Path) -> None:
    path = _settled(tmp_path / "site_config.json", {"a": 1})
    read_json_file(path)
    update_json_file(path, "a", 2)
    assert read_json_file(path) == {"a": 2}
    Path(path).write_text('{"a": 3}', encoding="utf-8")
    assert read_json_file(path) == {"a": 3}


def test_what_a_caller_changes_is_not_what_the_next_one_gets(tmp_path: Path) -> None:
    path = _settled(tmp_path / "site_config.json", {"limits": {"users": 5}})
    read_json_file(path)["limits"]["users"] = 0
    assert read_json_file(path) == {"limits": {"users": 5}}


def test_changes_at_once_are_all_kept(tmp_path: Path) -> None:
    path = _settled(tmp_path / "site_config.json", {})
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: update_json_file(path, f"key_{number}", number), range(64)))
    assert read_json_file(path) == {f"key_{number}": number for number in range(64)}


def test_who_settles_a_value_at_once_with_others_gets_the_same(tmp_path: Path) -> None:
    """As when several workers are the first to encrypt something: with two keys one's texts could never be read again."""
    path = _settled(tmp_path / "site_config.json", {})
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: settle_in_json_file(path, "encryption_key", secrets.token_hex), range(64)))
    assert keys == {read_json_file(path)["encryption_key"]}
