"""What the user may choose when starting the bench, read from the environment.

Invariant: everything is checked here, once; the rest of the tools gets values that make sense.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tools.shell import ToolError

DEFAULT_PORT = 8000
DEFAULT_SITE = "ec.localhost"
LARGEST_PORT = 65535
REALTIME_OFFSET = 1000
YES = frozenset({"1", "yes", "true", "on"})
NO = frozenset({"0", "no", "false", "off"})


@dataclass(frozen=True)
class Settings:
    """The choices of one start. `demo` None: demo data in a new site only; `admin_password` None: a random one."""

    port: int = DEFAULT_PORT
    site: str = DEFAULT_SITE
    demo: bool | None = None
    admin_password: str | None = None

    @property
    def realtime_port(self) -> int:
        """The port of the Socket.IO server: 9000 beside 8000, as bench has it."""
        above = self.port + REALTIME_OFFSET
        return above if above <= LARGEST_PORT else self.port - REALTIME_OFFSET

    @property
    def url(self) -> str:
        """Where the desk is."""
        return f"http://127.0.0.1:{self.port}"


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read PORT, SITE, DEMO and ADMIN_PASSWORD; raises ToolError on a value that can't be meant."""
    return Settings(
        port=port_of(environ.get("PORT") or str(DEFAULT_PORT)),
        site=site_of(environ.get("SITE") or DEFAULT_SITE),
        demo=switch_of(environ.get("DEMO") or "", name="DEMO"),
        admin_password=environ.get("ADMIN_PASSWORD") or None,
    )


def port_of(text: str) -> int:
    """Return a TCP port."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LARGEST_PORT:
        raise ToolError(f"PORT must be a number from 1 to {LARGEST_PORT}, not {text!r}")
    return int(text)


def site_of(text: str) -> str:
    """Return a site's name, which is a host name and the name of a folder."""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,60}[a-z0-9])?", text) or ".." in text:
        raise ToolError(f"SITE must be a host name in lower case such as {DEFAULT_SITE}, not {text!r}")
    if text in {"assets", "all"}:
        raise ToolError(f"SITE can't be {text!r}, a name with a meaning of its own")
    return text


def switch_of(text: str, *, name: str) -> bool | None:
    """Return a yes or no, or None for an empty text."""
    if not text:
        return None
    if text.lower() not in YES | NO:
        raise ToolError(f"{name} must be 1 or 0, not {text!r}")
    return text.lower() in YES
