"""The WSGI application: one request, one context, one transaction.

Order: static files; the site; parameters; session, CSRF token, `Authorization` header; hooks `before_request`; the
handler of the path; commit or rollback; hooks `after_request`; cookies and headers; after the body was sent, the
`after_response` callbacks and the end of the context.

A request that lost a deadlock or waited too long for a lock is run again, up to three times, when nothing of its
answer was sent (it never was): the client sees only the last try.

Invariant: the context is destroyed for every request, also when a handler, a hook or the server fails.
"""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from frappe_engine.context.config import get_site_config
from frappe_engine.context.errors import QueryDeadlockError, QueryTimeoutError, Redirect, SessionStopped
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import Context, current, known_context, new_context, return_to
from frappe_engine.documents.site import connect, destroy, init
from frappe_engine.http import (
    calls,
    cors,
    csrf,
    files,
    functions,
    rate_limits,
    routes,
    sessions,
    tokens,
    uploads,
    website,
)
from frappe_engine.http.answers import build_response, redirect_to
from frappe_engine.http.cookies import CookieManager
from frappe_engine.http.failures import answer_failure, as_refusal
from frappe_engine.http.login import LoginManager, act_as, clear_cookies, set_language
from frappe_engine.http.oauth import bearer
from frappe_engine.http.parameters import read_parameters
from frappe_engine.http.refusals import Refusal
from frappe_engine.http.sites import UnknownSite, client_address, site_of_request
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import cint

LOG = logging.getLogger("frappe.http")
NAMED_FUNCTIONS = (functions, uploads)  # importing them lets their functions be called by name
READING = frozenset({"GET", "HEAD", "OPTIONS"})
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
TRIES, WAIT_S, RETRY_FOR_S = 4, 0.05, 20.0
DEFAULT_BODY_BYTES = 25 * 1024 * 1024
LOGIN_PATHS = frozenset({"/api/method/login", "/api/v1/method/login", "/api/v2/method/login"})
StartResponse = Callable[..., Any]


class Application:
    """Serves the sites of one bench; `site` pins one of them."""

    def __init__(self, sites_path: str = ".", site: str | None = None) -> None:
        self.sites_path = sites_path
        self.site = site

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        static = files.asset(request, self.sites_path)
        if static is not None:
            return static(environ, start_response)
        before = known_context()
        try:
            response = self.respond(request)
        except BaseException:
            _leave(before)
            raise
        response.call_on_close(lambda: _finish(before))
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        """Give the answer to a request; the context stays open until the answer is closed."""
        try:
            site = site_of_request(request, self.sites_path, self.site)
            context = init(site, self.sites_path, force=True)
        except UnknownSite as error:
            new_context(request=request, flags=_dict(), response=_dict())
            return answer_failure(error, request)
        _bind(context, request)
        if request.method == "OPTIONS":
            response = Response(b"", content_type="text/plain; charset=utf-8")
        else:
            response = files.public_file(request) or self._serve(request)
        cors.add_headers(request, response, context.conf)
        return response

    def _serve(self, request: Request) -> Response:
        started = time.monotonic()
        for attempt in range(1, TRIES + 1):
            try:
                return _serve_once(request, last=attempt == TRIES)
            except (QueryDeadlockError, QueryTimeoutError) as error:
                if time.monotonic() - started > RETRY_FOR_S:
                    return _failed(error, request)
                time.sleep(random.uniform(WAIT_S, WAIT_S * 2**attempt))
                _begin_again(request)
        raise AssertionError("the last try answers")


def _bind(context: Context, request: Request) -> None:
    """Put what belongs to the request into its context."""
    conf = context.conf
    request.max_content_length = cint(conf.get("max_file_size")) or DEFAULT_BODY_BYTES
    context.request = request
    context.request_ip = client_address(request, conf.get("trusted_proxies"))
    context.is_ajax = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    context.after_response = []
    request.after_response = _Callbacks(context)  # type: ignore[attr-defined]
    _reset(context)


def _reset(context: Context) -> None:
    context.cookie_manager = CookieManager()
    context.login_manager = LoginManager()
    context.api_version = "v2" if context.request.path.startswith("/api/v2/") else "v1"
    context.session_is_due = False
    context.rate_limiter = None


class _Callbacks:
    """`request.after_response`: functions to call once the answer was sent."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def add(self, function: Callable[[], Any]) -> None:
        """Call `function` after the answer was sent."""
        self.context.after_response.append(function)


def _serve_once(request: Request, *, last: bool) -> Response:
    """Serve a request once. Deadlocks go up to the caller unless this is the last try."""
    try:
        context = current()
        try:
            _prepare(request)
            response = _dispatch(request)
        except Redirect as error:
            response = redirect_to(str(context.flags.get("redirect_location") or "/"), error.http_status_code)
            _end_transaction(request)
        else:
            _end_transaction(request)
    except (QueryDeadlockError, QueryTimeoutError) as error:
        if not last:
            raise
        return _failed(error, request)
    except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer, and a 500 is logged
        return _failed(as_refusal(error, current().get("form_dict")), request)
    return _complete(request, response)


def _prepare(request: Request) -> None:
    """Establish who asks, and what."""
    context = current()
    connect(set_admin_as_user=False)
    act_as(sessions.guest_session())
    set_language()
    _check_maintenance(request)
    context.form_dict = read_parameters(request)
    rate_limits.begin()
    if _is_login(request):
        set_language()
        context.login_manager.login()
    else:
        _resume(request)
        csrf.check(request, context.form_dict)
        set_language(_asked_language())
        header = None if bearer.is_for_clients(request) else request.headers.get("Authorization")
        if header or get_hooks("auth_hooks"):
            tokens.authenticate(header, request.headers.get("Frappe-Authorization-Source"))
    for dotted_path in get_hooks("before_request"):
        hook_function(dotted_path)()


def _is_login(request: Request) -> bool:
    return request.path.rstrip("/") in LOGIN_PATHS or current().form_dict.get("cmd") == "login"


def _asked_language() -> str | None:
    language = current().form_dict.get("_lang")
    return language if isinstance(language, str) and 2 <= len(language) <= 10 else None


def _resume(request: Request) -> None:
    context = current()
    manager = context.login_manager
    sid = str(context.form_dict.pop("sid", "") or request.cookies.get("sid") or "")
    if sid and sid != "Guest":
        session = sessions.resume(sid)
        if session is not None and _is_enabled(session.user):
            act_as(session)
            manager.user = session.user
            _refresh_cookies(request)
            return
        context.response["session_expired"] = 1
        clear_cookies()
    manager.user = "Guest"


def _is_enabled(user: str) -> bool:
    from frappe_engine.http.users import user_facts

    facts = user_facts(user)
    return facts is not None and (facts.enabled or user == "Administrator")


def _refresh_cookies(request: Request) -> None:
    """Cookies go with the answer when the session is stamped anew, or when the client lacks them."""
    context = current()
    if context.session_is_due or "user_id" not in request.cookies:
        from frappe_engine.http.users import user_facts

        context.login_manager.set_session_cookies(user_facts(context.session.user))


def _check_maintenance(request: Request) -> None:
    context = current()
    if not cint(context.conf.get("maintenance_mode")):
        return
    if not cint(context.conf.get("allow_reads_during_maintenance")):
        raise SessionStopped("Session Stopped")
    context.flags.read_only = True
    context.db.read_only = True


# dispatch


def _dispatch(request: Request) -> Response:
    context = current()
    command = context.form_dict.get("cmd")
    path = request.path
    if _is_login(request):
        return build_response()
    if command and not path.startswith("/api/"):
        result = calls.run_command(str(command))
        if isinstance(result, Response):
            return result
        if result is not None:
            context.response["message"] = result
        return build_response()
    if path.startswith("/api/"):
        return routes.answer(request) or build_response()
    if path.startswith("/private/files/"):
        return files.private_file(request)
    if path.startswith("/backups"):
        return files.backup(request)
    return website.answer(request)


def _end_transaction(request: Request) -> None:
    context = current()
    database = context.db
    if request.method in CHANGING or context.flags.get("commit"):
        database.commit()
    else:
        database.rollback()


def _failed(error: BaseException, request: Request) -> Response:
    context = current()
    if context.get("db") is not None:
        try:
            context.db.rollback()
        except Exception:
            LOG.exception("rollback failed")
    if isinstance(error, HTTPException) and not isinstance(error, (Refusal, RequestEntityTooLarge)):
        return _own_answer(error, request)
    if (
        context.get("cookie_manager") is not None
        and getattr(error, "http_status_code", 0) == 401
        and not _is_login(request)
    ):
        clear_cookies()
    return _complete(request, answer_failure(error, request))


def _own_answer(error: HTTPException, request: Request) -> Response:
    """Give the answer that an exception of HTTP carries or makes, as it is: no hooks, no cookies of the session."""
    try:
        response = Response.force_type(error.get_response(request.environ), request.environ)
    except Exception as failure:  # noqa: BLE001 - an answer that can't be made is a failure like any other
        return _complete(request, answer_failure(failure, request))
    rate_limits.finish(response)
    return response


def _complete(request: Request, response: Response) -> Response:
    """Run the hooks after a request and put cookies and limits onto the answer."""
    context = current()
    for dotted_path in get_hooks("after_request") if context.get("db") is not None else ():
        try:
            hook_function(dotted_path)(response=response, request=request)
        except Exception:
            LOG.exception("after_request hook %s failed", dotted_path)
    rate_limits.finish(response)
    context.cookie_manager.flush_cookies(response)
    return response


def _begin_again(request: Request) -> None:
    """Forget what the last try left, keeping the site and the request."""
    context = current()
    database, callbacks = context.db, context.after_response
    if database is not None:
        database.rollback()
        database.close()
    for upload in request.files.values():
        upload.stream.seek(0)
    callbacks.clear()
    fresh = init(context.site, context.sites_path, force=True)
    _bind(fresh, request)


def _finish(before: Context | None) -> None:
    """After the answer was sent: run what waited for it, note that the session is in use, leave the site."""
    context = current()
    try:
        for function in context.get("after_response") or ():
            _call(function)
        session = context.get("session")
        if context.get("session_is_due") and session is not None and session.user != "Guest":
            _call(lambda: sessions.stamp(session))
    finally:
        _leave(before)


def _call(function: Callable[[], Any]) -> None:
    try:
        function()
    except Exception:
        LOG.exception("a callback after the response failed")
        database = current().get("db")
        if database is not None:
            database.rollback()


def _leave(before: Context | None) -> None:
    try:
        destroy()
    except Exception:
        LOG.exception("leaving the site failed")
    return_to(before)


def default_application() -> Application:
    """Give the application for this process: folder and site from the environment, as servers start it."""
    return Application(os.environ.get("SITES_PATH") or ".", os.environ.get("FRAPPE_PINNED_SITE") or None)


def site_config(sites_path: str) -> Any:
    """Give the configuration of the bench."""
    return get_site_config(sites_path)
