"""How `bench serve` runs gunicorn: read by gunicorn itself as `python:frappe_engine.cli.gunicorn_config`.

One process with threads on SQLite, which has one writer; several processes on a database server.

Invariant: everything comes from the bench's configuration and the few variables `serve` sets.
"""

from __future__ import annotations

import os
from typing import Any

from frappe_engine.cli.sites import get_sites
from frappe_engine.context.config import get_site_config

THREADS = 16
SQLITE_WORKERS = 1
HTTP_TIMEOUT_S = 120
KEEPALIVE_S = 5

_config: Any = get_site_config(".")


def _workers() -> int:
    """As configured; else one where any site is on SQLite, two per processor and one elsewhere."""
    if _config.get("gunicorn_workers"):
        return int(_config.gunicorn_workers)
    types = {get_site_config(".", site).db_type for site in get_sites(".")}
    if not types or "sqlite" in types:
        return SQLITE_WORKERS
    return 2 * (os.cpu_count() or 1) + 1


_host = str(_config.get("webserver_host") or "127.0.0.1")
_port = int(os.environ.get("EC_SERVE_PORT") or _config.get("webserver_port") or 8000)

bind = f"{_host}:{_port}"
worker_class = "gthread"
workers = _workers()
threads = 1 if os.environ.get("EC_SERVE_NO_THREADS") else int(_config.get("gunicorn_threads") or THREADS)
timeout = int(_config.get("http_timeout") or HTTP_TIMEOUT_S)
graceful_timeout = 10
keepalive = KEEPALIVE_S
max_requests = int(_config.get("gunicorn_max_requests") or 0)
max_requests_jitter = max_requests // 10
reload = bool(os.environ.get("EC_SERVE_RELOAD"))
preload_app = not reload and workers > 1
proc_name = "bench-web"
loglevel = "warning"
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Say that requests are answered from now on."""
    kind = f"{workers} process{'es' if workers > 1 else ''} with {threads} threads"
    print(f"Serving on http://{_host}:{_port} ({kind}{', reloading' if reload else ''})", flush=True)  # noqa: T201
