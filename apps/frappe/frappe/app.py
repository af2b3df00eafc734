"""The web server's door: `gunicorn frappe.app:application`, started in the folder `sites/`."""

from __future__ import annotations

import os
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.http.app import Application, default_application
from frappe_engine.http.failures import answer_failure

application: Any = default_application()


def serve(
    port: int = 8000,
    profile: bool = False,
    no_reload: bool = False,
    no_threading: bool = False,
    site: str | None = None,
    sites_path: str = ".",
    proxy: bool = False,
    host: str = "127.0.0.1",
) -> None:
    """Serve the bench for development: threads, and a restart when a file changes."""
    from werkzeug.serving import run_simple

    app: Any = Application(sites_path, site)
    if profile:
        from werkzeug.middleware.profiler import ProfilerMiddleware

        app = ProfilerMiddleware(app, sort_by=("cumtime", "calls"))
    if proxy or os.environ.get("USE_PROXY"):
        from werkzeug.middleware.proxy_fix import ProxyFix

        app = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
    run_simple(
        host,
        int(port),
        app,
        use_reloader=not no_reload,
        use_debugger=False,
        threaded=not no_threading,
        exclude_patterns=["*/node_modules/*", "*/test_*"],
    )


def handle_exception(e: BaseException) -> Any:
    """Give the answer that the present request would get for an error."""
    return answer_failure(e, current().request)


__all__ = ["application", "handle_exception", "serve"]
