"""Which site a request is for.

The site is the one this process was told to serve, else the header `X-Frappe-Site-Name`, else the host name. A host
that is no site is answered by the bench's default site where that was allowed (`serve_default_site`) or the host is
this machine itself.

Invariant: a name from a request is never used as a path unless it is a plain site name.
"""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Any

from werkzeug.wrappers import Request

from frappe_engine.context.config import get_site_config

_SITE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*\Z")


class UnknownSite(Exception):
    """There is no such site in this bench."""

    http_status_code = 404


def site_of_request(request: Request, sites_path: str, pinned: str | None = None) -> str:
    """Give the name of the site a request is for. Raises `UnknownSite`."""
    if pinned:
        return pinned
    asked = request.headers.get("X-Frappe-Site-Name")
    if asked:
        if not site_exists(asked, sites_path):
            raise UnknownSite(asked)
        return asked
    host = host_name(request.host)
    if site_exists(host, sites_path):
        return host
    fallback = _default_site(sites_path, host)
    if fallback is None:
        raise UnknownSite(host)
    return fallback


def host_name(host: str) -> str:
    """Give a host without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def site_exists(name: str, sites_path: str) -> bool:
    """Tell whether `name` is a site of this bench."""
    return bool(_SITE_NAME.match(name)) and os.path.isfile(os.path.join(sites_path, name, "site_config.json"))


def _default_site(sites_path: str, host: str) -> str | None:
    config: Any = get_site_config(sites_path)
    name = str(config.get("default_site") or os.environ.get("FRAPPE_SITE") or "")
    if not name or not site_exists(name, sites_path):
        return None
    return name if config.get("serve_default_site") or is_this_machine(host) else None


def is_this_machine(host: str) -> bool:
    """Tell whether a host name or address means the machine itself."""
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def client_address(request: Request, trusted: Any = None) -> str | None:
    """Give the address of the client: the peer's, or what a proxy on this machine (or a trusted one) says it is."""
    peer = request.environ.get("REMOTE_ADDR") or ""
    forwarded = request.headers.get("X-Forwarded-For")
    if forwarded and (peer == "" or peer in (trusted or ()) or is_this_machine(peer)):
        return forwarded.split(",")[-1].strip()[:45] or peer or None
    return peer or None
