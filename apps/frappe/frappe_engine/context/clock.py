"""The site's clock: naive times in the site's time zone, as documents store them.

Invariant: tests freeze it in one place (`flags.current_date` or any library that patches `datetime`).
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from frappe_engine.context.local import current
from frappe_engine.context.settings import system_setting

DEFAULT_TIME_ZONE = "Asia/Shanghai"


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """Give the time zone called `name` (IANA)."""
    return ZoneInfo(name)


def get_system_timezone() -> str:
    """Give the site's time zone (IANA name)."""
    return str(system_setting("time_zone") or DEFAULT_TIME_ZONE)


def now_datetime() -> datetime:
    """Give the present moment in the site's time zone, naive, to the microsecond."""
    settings = current().__dict__.get("system_settings")
    name = (settings and settings.get("time_zone")) or get_system_timezone()
    return datetime.now(zone(name)).replace(tzinfo=None)
