"""Log files of apps: `frappe.logger("name")` writes to `logs/name.log` of the bench and of the site.

Invariant: a logger is made once per process, name and site; its files stop growing at a size and are rotated.
"""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from typing import Any

from frappe_engine.context.local import current

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
DEFAULT_LEVEL = logging.ERROR
DEVELOPER_LEVEL = logging.WARNING
_made: dict[str, logging.Logger] = {}


class SiteLine(logging.Formatter):
    """A line of a log that, where wanted, ends with what the request was about."""

    def __init__(self, more_info: bool) -> None:
        super().__init__(LINE)
        self.more_info = more_info

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        text = super().format(record)
        context = current()
        if not self.more_info or not context.get("form_dict"):
            return text
        return f"{text}\nSite: {context.get('site')}\nForm Dict: {_without_secrets(context.form_dict)}"


def _without_secrets(values: Any) -> dict[str, Any]:
    return {key: "********" if _is_secret(str(key)) else value for key, value in dict(values).items()}


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in ("password", "passwd", "pwd", "secret", "token", "key"))


def get_logger(
    module: str | None = None,
    with_more_info: bool = False,
    allow_site: bool | str = True,
    filter: Any = None,
    max_size: int = 100_000,
    file_count: int = 20,
    stream_only: bool = False,
) -> logging.Logger:
    """Give the logger of a module: `<module>.log` in the bench's folder of logs and in the site's.

    `max_size` (bytes) and `file_count` bound the files; `allow_site` may name another site, False leaves its file out.
    """
    site = _site(allow_site)
    name = f"{module or 'frappe'}-{site or 'all'}"
    if name in _made:
        return _made[name]
    logger = logging.getLogger(f"frappe.apps.{name}")
    logger.setLevel(_level())
    logger.propagate = False
    if filter:
        logger.addFilter(filter)
    for handler in _handlers(module or "frappe", site, max_size, file_count, stream_only):
        handler.setFormatter(SiteLine(with_more_info))
        logger.addHandler(handler)
    _made[name] = logger
    return logger


def _site(allow_site: bool | str) -> str | None:
    return allow_site if isinstance(allow_site, str) else current().get("site") if allow_site else None


def _handlers(
    module: str, site: str | None, max_size: int, file_count: int, stream_only: bool
) -> list[logging.Handler]:
    if stream_only or os.environ.get("FRAPPE_STREAM_LOGGING"):
        return [logging.StreamHandler()]
    sites = os.path.abspath(str(current().get("sites_path") or "."))
    folders = [os.path.join(os.path.dirname(sites), "logs"), *([os.path.join(sites, site, "logs")] if site else [])]
    # a folder is there in every bench; where a program runs outside of one, only the site's is written
    there = [folder for folder in folders if os.path.isdir(folder)]
    path = f"{os.path.basename(module)}.log"
    return [
        RotatingFileHandler(
            os.path.join(folder, path), maxBytes=max_size, backupCount=file_count, delay=True, encoding="utf-8"
        )
        for folder in there
    ]


def _level() -> int:
    context = current()
    chosen = context.get("log_level") or _LEVEL.get("level")
    if chosen:
        return int(chosen)
    return DEVELOPER_LEVEL if (context.get("conf") or {}).get("developer_mode") else DEFAULT_LEVEL


_LEVEL: dict[str, int] = {}


def set_log_level(level: str | int) -> None:
    """Write lines from a level on (`"INFO"`, `logging.DEBUG` …), in loggers made already too."""
    number = level if isinstance(level, int) else int(getattr(logging, level.upper(), DEFAULT_LEVEL))
    _LEVEL["level"] = number
    for logger in _made.values():
        logger.setLevel(number)
