"""Configuration of the bench and of a site: two JSON files and the environment.

Invariant: the site's file wins over the bench's, the environment over both; values are plain JSON; who changes a file
has it alone from reading to writing, so no change is lost.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from importlib import import_module
from typing import Any

from frappe_engine.kit.attrdict import _dict

ENVIRONMENT = {
    "FRAPPE_DB_TYPE": "db_type",
    "FRAPPE_DB_HOST": "db_host",
    "FRAPPE_DB_PORT": "db_port",
    "FRAPPE_DB_SOCKET": "db_socket",
    "FRAPPE_DB_USER": "db_user",
    "FRAPPE_DB_NAME": "db_name",
    "FRAPPE_DB_PASSWORD": "db_password",
    "FRAPPE_REDIS_CACHE": "redis_cache",
    "FRAPPE_REDIS_QUEUE": "redis_queue",
    "FRAPPE_SOCKETIO_PORT": "socketio_port",
    "FRAPPE_SOCKETIO_UDS": "socketio_uds",
}
SETTLED_AFTER_S = 2.0  # a file may change twice within one tick of its clock; later its stamp tells
_read_files: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {}


def read_json_file(path: str) -> dict[str, Any]:
    """Read a JSON object from `path`; a missing file is an empty object; a broken one raises with its path."""
    try:
        state = os.stat(path)
        stamp = (state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size)
        known = _read_files.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, _parsed(path))
            if time.time() - state.st_mtime > SETTLED_AFTER_S:
                _read_files[path] = known
    except FileNotFoundError:
        return {}
    return {key: deepcopy(value) if type(value) in (dict, list) else value for key, value in known[1].items()}


def _parsed(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        try:
            content = json.load(file)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} must hold a JSON object")
    return content


def get_site_config(sites_path: str = ".", site: str | None = None) -> Any:
    """Give the configuration of `site` (of the bench alone when None) as a dict with attribute access."""
    config = _dict(read_json_file(os.path.join(sites_path, "common_site_config.json")))
    if site:
        config.update(read_json_file(os.path.join(sites_path, site, "site_config.json")))
    for variable, key in ENVIRONMENT.items():
        if os.environ.get(variable):
            config[key] = os.environ[variable]
    for dotted_path in _as_list(config.get("extra_config")):
        config.update(_load(dotted_path)())
    if site and not config.get("db_name"):
        config.db_name = None
    config.setdefault("db_type", "mariadb")
    config.setdefault("developer_mode", 0)
    return config


def update_json_file(path: str, key: str, value: Any) -> None:
    """Set `key` in the JSON object at `path` (None or the string "None" removes it), replacing the file at once."""
    with _changing(path):
        content = read_json_file(path)
        if value is None or value == "None":
            content.pop(key, None)
        else:
            content[key] = value
        _write(path, content)


def settle_in_json_file(path: str, key: str, make: Callable[[], Any]) -> Any:
    """Give `key` of the JSON object at `path`; without a value the one that `make` gives, which then holds for everybody."""
    with _changing(path):
        content = read_json_file(path)
        if not content.get(key):
            content[key] = make()
            _write(path, content)
    return content[key]


@contextmanager
def _changing(path: str) -> Iterator[None]:
    """Wait until no other thread or process changes a file of this folder."""
    folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(folder, fcntl.LOCK_UN)  # by itself: a process forked meanwhile holds the folder open, too
        os.close(folder)


def _write(path: str, content: dict[str, Any]) -> None:
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True, ensure_ascii=False)
        file.write("\n")
    if os.path.exists(path):
        os.chmod(temporary, os.stat(path).st_mode & 0o777)
    os.replace(temporary, path)


def _as_list(value: Any) -> list[str]:
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


def _load(dotted_path: str) -> Callable[[], dict[str, Any]]:
    module, name = dotted_path.rsplit(".", 1)
    function: Callable[[], dict[str, Any]] = getattr(import_module(module), name)
    return function
