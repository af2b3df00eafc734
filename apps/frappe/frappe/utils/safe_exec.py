"""Running the scripts and expressions of administrators: what they are lent, and what stays out of their reach.

Invariant: a script can't import, open files, start programs, read passwords, keys, sessions or tokens, or write raw SQL;
it changes users, rights, scripts and settings only where the one it runs for manages the system, and rows that nobody
may edit (logs, ledgers) never.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from importlib import import_module
from typing import Any

from frappe_engine.database.builder import Builder
from frappe_engine.database.read_only import SECRET_DOCTYPES, check_reading
from frappe_engine.database.statements import prepare
from frappe_engine.expressions.guards import UNSAFE_ATTRIBUTES
from frappe_engine.expressions.python import safe_eval as engine_eval
from frappe_engine.expressions.scripts import MAX_SECONDS, Namespace, ScriptGuards, run_script, script_guard_names
from frappe_engine.expressions.scripts import ScriptPolicy as FrappeTransformer
from frappe_engine.schema.meta import Meta, Row

import frappe
import frappe.utils
from frappe import _, exceptions
from frappe.model.document import BaseDocument
from frappe.utils import cint

NamespaceDict = Namespace
SAFE_EXEC_CONFIG_KEY = "server_script_enabled"
SERVER_SCRIPT_FILE_PREFIX = "<serverscript>"

# changed by scripts only where the one who asks manages the system
GUARDED_DOCTYPES = frozenset(
    {
        *(
            "DocType",
            "DocField",
            "DocPerm",
            "Custom DocPerm",
            "Custom Field",
            "Property Setter",
            "Has Role",
            "Role",
            "User",
        ),
        *(
            "Role Profile",
            "User Permission",
            "DocShare",
            "Server Script",
            "Client Script",
            "System Settings",
            "Module Def",
        ),
        *("OAuth Client", "Social Login Key", "Scheduled Job Type", "Custom Role", "Report", "Print Format", "Page"),
    }
)
# a record of what happened: scripts add to none of them past their controllers, and change none
RECORDS = frozenset({"Version", "Activity Log", "Access Log", "Deleted Document", "View Log", "Error Log", "Patch Log"})
WRITING_METHODS = frozenset(
    {
        "insert",
        "save",
        "submit",
        "cancel",
        "delete",
        "db_set",
        "db_insert",
        "db_update",
        "rename",
        "discard",
        "add_roles",
    }
    | {"remove_roles", "update_single", "db_update_all", "update_child_table", "update_children"}
)
PAST_CONTROLLERS = frozenset(
    {"db_set", "db_insert", "db_update", "db_update_all", "update_single", "update_children", "update_child_table"}
)
SECRET_ATTRIBUTES = frozenset({"get_password", "queue_action", "hook", "reset_password", "controller", "get_signature"})
RUNNERS = frozenset({"run_method", "run_trigger"})
UTILS = """
DATETIME_FORMAT DATE_FORMAT TIME_FORMAT add_days add_months add_to_date add_years cast ceil cint comma_and comma_or
comma_sep compare convert_utc_to_system_timezone cstr date_diff days_diff duration_to_seconds encode escape_html
evaluate_filters expand_relative_urls filter_strip_join floor flt fmt_money format_date format_datetime
format_duration format_time format_timedelta formatdate generate_hash get_abbr get_absolute_url get_date_str
get_datetime get_datetime_in_timezone get_datetime_str get_eta get_first_day get_first_day_of_week get_fullname
get_host_name get_last_day get_last_day_of_week get_link_to_form get_link_to_report get_month get_number_format_info
get_quarter_ending get_quarter_start get_string_between get_system_timezone get_time get_time_str get_timedelta
get_timespan_date_range get_timestamp get_url get_url_to_form get_url_to_list get_url_to_report
get_url_to_report_with_filters get_user_date_format get_user_time_format get_weekday get_weekdays get_year_ending
get_year_start getdate global_date_format guess_date_format has_common in_words is_html is_image
is_invalid_date_string is_last_day_of_the_month is_subset list_to_str markdown md_to_html money_in_words month_diff
new_line_sep now now_datetime nowdate nowtime parse_json parse_val pretty_date quote_urls quoted remainder
round_based_on_smallest_currency_fraction rounded safe_div safe_json_loads sanitize_column sanitize_html sbool
scrub_urls sha256_hash split_emails strip strip_html time_diff time_diff_in_hours time_diff_in_seconds to_markdown
to_timedelta today unique url_contains_port validate_email_address validate_json_string validate_phone_number
validate_url
"""
ERRORS = {
    name: kind
    for name, kind in vars(exceptions).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and not name.startswith("_")
}

__all__ = [
    "RECORDS",
    "SAFE_EXEC_CONFIG_KEY",
    "UNSAFE_ATTRIBUTES",
    "FrappeTransformer",
    "NamespaceDict",
    "ServerScriptNotEnabled",
    "call_whitelisted_function",
    "check_safe_sql_query",
    "get_python_builtins",
    "get_safe_globals",
    "is_job_queued",
    "is_safe_exec_enabled",
    "lent_names",
    "safe_eval",
    "safe_exec",
    "safe_exec_flags",
]


class ServerScriptNotEnabled(frappe.PermissionError):
    """Scripts do not run on this bench."""


def is_safe_exec_enabled() -> bool:
    """Tell whether scripts run on this bench: its configuration says so, the site's can't."""
    from frappe_engine.context.config import get_site_config  # the bench's file alone

    return bool(cint(get_site_config(frappe.local.sites_path).get(SAFE_EXEC_CONFIG_KEY)))


def safe_exec(
    script: str,
    _globals: Mapping[str, Any] | None = None,
    _locals: dict[str, Any] | None = None,
    *,
    restrict_commit_rollback: bool = False,
    script_filename: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Run a script with the names scripts are lent, `_globals` and `_locals`; give (globals, locals) afterwards.

    Names the script makes are put into `_locals`. With `restrict_commit_rollback` it can't end the transaction.
    Raises `ServerScriptNotEnabled` where scripts do not run, and what the script raises.
    """
    if not is_safe_exec_enabled():
        text = _(
            "Server Scripts are disabled. An administrator of the bench switches them on in its configuration: {0}"
        )
        frappe.throw(text.format(SAFE_EXEC_CONFIG_KEY), ServerScriptNotEnabled, title=_("Server Scripts are disabled"))
    lent = lent_names(restrict_commit_rollback=restrict_commit_rollback)
    lent.update(_globals or {})
    with safe_exec_flags():
        made = run_script(
            script,
            {**lent, **(_locals or {})},
            guards=_guards(script),
            on_print=frappe.log,
            filename=_filename(script_filename),
        )
    if _locals is not None:
        _locals.update(made)
    return {**lent, **made}, _locals


def _guards(script: str = "") -> ScriptGuards:
    seconds = float(frappe.conf.get("server_script_max_seconds") or MAX_SECONDS)
    return ScriptGuards(script, read_attribute, writable, max_seconds=seconds)


def _filename(name: str | None) -> str:
    return f"{SERVER_SCRIPT_FILE_PREFIX}: {frappe.scrub(name)}" if name else SERVER_SCRIPT_FILE_PREFIX


@contextmanager
def safe_exec_flags() -> Iterator[None]:
    """Say in flags that a script runs; scripts that run each other end at some depth."""
    depth = frappe.flags.in_safe_exec or 0
    if depth > 10:
        frappe.throw(_("Scripts call each other too deeply"))
    frappe.flags.in_safe_exec = depth + 1
    try:
        yield
    finally:
        frappe.flags.in_safe_exec = depth or None


def safe_eval(
    code: str, eval_globals: Mapping[str, Any] | None = None, eval_locals: Mapping[str, Any] | None = None
) -> Any:
    """Evaluate a Python expression with names; see `frappe_engine.expressions.python`."""
    return engine_eval(code, eval_globals, eval_locals)


# what is lent


def get_safe_globals(restrict_commit_rollback: bool = False) -> Any:
    """Give the names lent to scripts and the guards that their code calls, for apps that run scripts themselves.

    Such an app compiles with RestrictedPython under the policy `FrappeTransformer`. Steps and time of what it runs count
    from this call on.
    """
    guards = _guards()
    lent = {**guards.functions(), **lent_names(restrict_commit_rollback)}
    return Namespace({**lent, **script_guard_names(guards, frappe.log)})


def get_python_builtins() -> dict[str, Any]:
    """Give Python's functions as scripts may call them, and the guards that code under `FrappeTransformer` calls.

    With them such code runs in names that an app chose by itself; `__builtins__` stays the app's.
    """
    guards = _guards()
    names = {**guards.functions(), **script_guard_names(guards, frappe.log)}
    return {name: value for name, value in names.items() if name not in _DUNDERS}


_DUNDERS = ("__builtins__", "__name__", "__metaclass__")


def lent_names(restrict_commit_rollback: bool = False) -> Any:
    """Give the names that scripts, templates and conditions of administrators may use."""
    static = _static_names()
    user = _session_user()
    own = Namespace(
        static["frappe"],
        user=user,
        full_name=frappe.utils.get_fullname(user) if user != "Guest" else "Guest",
        session=Namespace(user=user, csrf_token=_csrf_token()),
        form_dict=frappe.local.form_dict,
        response=frappe.local.response,
        request=_request(),
        flags=frappe._dict(),
        lang=frappe.local.lang,
        date_format=frappe.utils.get_user_date_format(),
        time_format=frappe.utils.get_user_time_format(),
        socketio_port=frappe.conf.get("socketio_port"),
        db=_database(restrict_commit_rollback),
    )
    return Namespace({**static, "frappe": own})


def _session_user() -> str:
    session = getattr(frappe.local, "session", None)
    return str(session.user) if session else "Administrator"


def _csrf_token() -> str | None:
    session = getattr(frappe.local, "session", None)
    return (session.get("data") or {}).get("csrf_token") if session else None


def _request() -> Any:
    request = getattr(frappe.local, "request", None)
    if not request:
        return Namespace()
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in ("authorization", "cookie", "x-frappe-csrf-token")
    }
    return Namespace(
        method=request.method, path=request.path, url=request.url, headers=headers, args=dict(request.args)
    )


@lru_cache(maxsize=1)
def _static_names() -> dict[str, Any]:
    """Names that are the same for everybody."""
    utils = Namespace({name: getattr(frappe.utils, name) for name in UTILS.split() if hasattr(frappe.utils, name)})
    names: dict[str, Any] = {
        "_": _,
        "_dict": frappe._dict,
        "as_json": frappe.as_json,
        "attach_print": _later("frappe.attach_print"),
        "bold": frappe.bold,
        "call": call_whitelisted_function,
        "copy_doc": frappe.copy_doc,
        "delete_doc": _checked_delete,
        "enqueue": safe_enqueue,
        "errprint": frappe.errprint,
        "format": frappe.format_value,
        "format_date": frappe.utils.format_date,
        "format_value": frappe.format_value,
        "get_all": _reader(frappe.get_all),
        "get_cached_doc": _reader(frappe.get_cached_doc),
        "get_cached_value": _reader(frappe.get_cached_value),
        "get_doc": _get_doc,
        "get_fullname": frappe.utils.get_fullname,
        "get_gravatar": _later("frappe.utils.get_gravatar_url"),
        "get_hooks": lambda hook=None, default=None, app_name=None: deepcopy(frappe.get_hooks(hook, default, app_name)),
        "get_last_doc": _reader(frappe.get_last_doc),
        "get_list": _reader(frappe.get_list),
        "get_mapped_doc": _later("frappe.model.mapper.get_mapped_doc"),
        "get_meta": frappe.get_meta,
        "get_print": _later("frappe.get_print"),
        "get_roles": frappe.get_roles,
        "get_single": _reader(frappe.get_single),
        "get_system_settings": frappe.get_system_settings,
        "get_url": frappe.utils.get_url,
        "has_permission": frappe.has_permission,
        "log": frappe.log,
        "log_error": frappe.log_error,
        "make_delete_request": _later("frappe.integrations.utils.make_delete_request"),
        "make_get_request": _later("frappe.integrations.utils.make_get_request"),
        "make_patch_request": _later("frappe.integrations.utils.make_patch_request"),
        "make_post_request": _later("frappe.integrations.utils.make_post_request"),
        "make_put_request": _later("frappe.integrations.utils.make_put_request"),
        "msgprint": frappe.msgprint,
        "new_doc": _reader(frappe.new_doc),
        "only_for": frappe.only_for,
        "parse_json": frappe.parse_json,
        "publish_realtime": _later("frappe.publish_realtime"),
        "qb": _query_builder(),
        "rename_doc": _checked_rename,
        "render_template": _later("frappe.render_template"),
        "sanitize_html": frappe.utils.sanitize_html,
        "scrub": frappe.scrub,
        "sendmail": _later("frappe.sendmail"),
        "throw": frappe.throw,
        "unscrub": frappe.unscrub,
        "utils": utils,
        "whitelist": lambda *_given, **_options: lambda function: function,
        **ERRORS,
    }
    return {
        "frappe": names,
        "json": Namespace(loads=json.loads, dumps=json.dumps),
        "as_json": frappe.as_json,
        "_": _,
        "_dict": frappe._dict,
        "log": frappe.log,
        "scrub": frappe.scrub,
        "html2text": _later("frappe.core.utils.html2text"),
        "is_job_queued": is_job_queued,
        "run_script": run_other_script,
    }


def _later(dotted_path: str) -> Callable[..., Any]:
    """Give a function that is imported when it is called."""
    module, _dot, name = dotted_path.rpartition(".")

    def call(*given: Any, **options: Any) -> Any:
        function = getattr(frappe, name) if module == "frappe" else getattr(import_module(module), name)
        return function(*given, **options)

    return call


def _database(restrict_commit_rollback: bool) -> Namespace:
    database = frappe.local.db
    names = {
        name: _reader(getattr(database, name))
        for name in ("get_all", "get_list", "get_value", "get_values", "exists", "count", "get_last_created")
    }
    names |= {
        "get_default": database.get_default,
        "get_single_value": _reader(database.get_single_value),
        "get_system_setting": frappe.get_system_settings,
        "escape": database.escape,
        "sql": read_sql,
        "set_value": _set_value,
        "set_single_value": lambda doctype, *given, **options: _set_value(doctype, None, *given, **options),
        "get_creation_count": _reader(database.get_creation_count),
        "after_commit": Namespace(add=database.after_commit.add),
        "after_rollback": Namespace(add=database.after_rollback.add),
        "before_commit": Namespace(add=database.before_commit.add),
        "savepoint": database.savepoint,
        "release_savepoint": database.release_savepoint,
    }
    if not restrict_commit_rollback:
        names |= {"commit": lambda: database.commit(), "rollback": lambda **options: database.rollback(**options)}
    return Namespace(names)


def check_safe_sql_query(query: str, throw: bool = True) -> bool:
    """Tell whether a statement only reads documents; with `throw` raise `PermissionError` where it does not."""
    try:
        check_reading(prepare(str(query), ())[0])
    except frappe.PermissionError:
        if throw:
            raise
        return False
    return True


def read_sql(query: Any, *given: Any, **options: Any) -> Any:
    """Run a SELECT over documents; raises `PermissionError` for anything else."""
    values = given[0] if given else options.get("values", ())
    check_reading(prepare(str(query), values)[0])
    options.pop("auto_commit", None)
    return frappe.db.sql(query, *given, **options)


def _query_builder() -> Namespace:
    qb = frappe.qb
    return Namespace(
        DocType=lambda name, *given: qb.DocType(_named(name), *given),
        Field=qb.Field,
        from_=lambda table, *given, **options: qb.from_(table, *given, **options),
        functions=Namespace(_functions()),
    )


def _functions() -> dict[str, Any]:
    from frappe.query_builder import functions  # PyPika is slow to load

    wanted = (
        "Abs",
        "Avg",
        "Coalesce",
        "Concat",
        "Count",
        "Date",
        "IfNull",
        "Lower",
        "Max",
        "Min",
        "Now",
        "Round",
        "Sum",
        "Upper",
    )
    return {name: getattr(functions, name) for name in wanted if hasattr(functions, name)}


# checks on what is lent


def _named(doctype: Any) -> Any:
    """Give back the name of a DocType that scripts may name. Raises `PermissionError` for the others."""
    if isinstance(doctype, str) and doctype in SECRET_DOCTYPES:
        raise frappe.PermissionError(_("Scripts can't read {0}").format(_(doctype)))
    return doctype


def _reader(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function of (doctype, …) that refuses secret DocTypes."""

    def read(doctype: Any, *given: Any, **options: Any) -> Any:
        if isinstance(doctype, Mapping):
            _named(doctype.get("doctype"))
        return function(_named(doctype), *given, **options)

    return read


def _get_doc(*given: Any, **options: Any) -> Any:
    first = given[0] if given else options
    _named(first.get("doctype") if isinstance(first, Mapping) else first)
    return frappe.get_doc(*given, **options)


def _may_write(doctype: str, *, past_controller: bool) -> None:
    """Raise `PermissionError` unless a script may change documents of a DocType for the one who asks."""
    if doctype in SECRET_DOCTYPES or (doctype in RECORDS and past_controller):
        raise frappe.PermissionError(_("Scripts can't change {0}").format(_(doctype)))
    if past_controller and frappe.get_meta(doctype).read_only:
        raise frappe.PermissionError(_("Scripts can't change {0}").format(_(doctype)))
    if doctype in GUARDED_DOCTYPES and "System Manager" not in frappe.get_roles():
        raise frappe.PermissionError(_("Scripts change {0} for System Managers alone").format(_(doctype)))


def _set_value(doctype: str, name: Any, *given: Any, **options: Any) -> None:
    _may_write(doctype, past_controller=True)
    frappe.db.set_value(doctype, name, *given, **options)


def _checked_delete(doctype: str, *given: Any, **options: Any) -> Any:
    _may_write(doctype, past_controller=False)
    if doctype in RECORDS:
        raise frappe.PermissionError(_("Scripts can't change {0}").format(_(doctype)))
    return frappe.delete_doc(doctype, *given, **options)


def _checked_rename(doctype: str, *given: Any, **options: Any) -> Any:
    _may_write(doctype, past_controller=False)
    return frappe.rename_doc(doctype, *given, **options)


def read_attribute(owner: Any, name: str) -> Any:
    """Give an attribute of a document, query or other lent object; methods that write or reveal are watched."""
    if isinstance(owner, BaseDocument):
        return _of_document(owner, name)
    if isinstance(owner, (Meta, Row)):
        return _of_definition(owner, name)
    if name == "run" and hasattr(owner, "get_sql"):
        return lambda *given, **options: _run_query(owner, *given, **options)
    if name in SECRET_ATTRIBUTES:
        raise AttributeError(f"{name} is not available to scripts")
    return getattr(owner, name)


def _of_definition(owner: Meta | Row, name: str) -> Any:
    """Definitions of DocTypes are shared by the whole process: scripts see copies of their lists, and change nothing."""
    if name in ("set", "update", "by_name"):
        raise AttributeError(f"{name} is not available to scripts")
    value = getattr(owner, name)
    if callable(value):
        return lambda *given, **options: _copied(value(*given, **options))
    return _copied(value)


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, (list, dict, set)) else value


def _run_query(query: Any, *given: Any, **options: Any) -> Any:
    text, values = query.walk() if isinstance(query, Builder) else (query.get_sql(), {})
    return read_sql(text, values, *given, **options)


def _of_document(document: BaseDocument, name: str) -> Any:
    if name in SECRET_ATTRIBUTES:
        raise AttributeError(f"{name} is not available to scripts")
    if name in RUNNERS:
        return lambda method, *given, **options: _run_method(document, name, method, *given, **options)
    if name == "get":
        return lambda key, *given, **options: _value_of(document, key, *given, **options)
    if name in WRITING_METHODS:
        _may_write(document.doctype, past_controller=name in PAST_CONTROLLERS)
    return getattr(document, name)


def _value_of(document: BaseDocument, key: Any, *given: Any, **options: Any) -> Any:
    value = document.get(key, *given, **options)
    if callable(value) and not isinstance(value, BaseDocument):
        raise AttributeError(f"{key} is no value")
    return value


def _run_method(document: BaseDocument, runner: str, method: Any, *given: Any, **options: Any) -> Any:
    if not isinstance(method, str) or method.startswith("_") or method in UNSAFE_ATTRIBUTES | RUNNERS:
        raise frappe.PermissionError(_("Scripts can't call {0}").format(method))
    if hasattr(type(document), method):
        _of_document(document, method)
    return getattr(document, runner)(method, *given, **options)


class _Writable:
    """Stands before a document in an assignment: its methods can't be replaced."""

    __slots__ = ("_document",)

    def __init__(self, document: BaseDocument) -> None:
        object.__setattr__(self, "_document", document)

    def __setattr__(self, name: str, value: Any) -> None:
        document = object.__getattribute__(self, "_document")
        if (
            name.startswith("_")
            or name in ("doctype", "flags", "meta")
            or callable(getattr(type(document), name, None))
            or callable(value)
        ):
            raise AttributeError(f"{name} can't be set by scripts")
        document.set(name, value)


def writable(owner: Any) -> Any:
    """Give what stands for an object in an assignment. Raises `PermissionError` for what scripts can't change."""
    if isinstance(owner, BaseDocument):
        return _Writable(owner)
    if isinstance(owner, set):
        return owner
    raise frappe.PermissionError(_("Scripts can't change a {0}").format(type(owner).__name__))


# calling others


def call_whitelisted_function(function: str, **kwargs: Any) -> Any:
    """Call a whitelisted function, or the Server Script of that API method, as the one who asks."""
    from frappe.core.doctype.server_script.server_script_utils import find_api_script

    script = find_api_script(function)
    if script is not None:
        return script(**kwargs)
    target = frappe.get_attr(function)
    frappe.is_whitelisted(target, frappe.session.user)
    return frappe.call(target, **kwargs)


def safe_enqueue(function: str, **kwargs: Any) -> Any:
    """Queue a whitelisted function, or the Server Script of that API method."""
    if not isinstance(function, str):
        raise frappe.ValidationError(_("Name the function to queue"))
    return frappe.enqueue("frappe.utils.safe_exec.call_whitelisted_function", function=function, **kwargs)


def is_job_queued(job_name: str, queue: str = "default") -> bool:
    """Tell whether a job of that name (without one: of that function's path) waits or runs in a queue of this site."""
    from frappe.utils.background_jobs import get_jobs  # scripts that queue nothing need no queue

    return job_name in get_jobs(queue=queue, key="job_name").get(frappe.local.site, [])


def run_other_script(script: str, **kwargs: Any) -> dict[str, Any]:
    """Run another Server Script of type API (by its name) and give the names it made."""
    return frappe.get_doc("Server Script", script).execute_method(**kwargs)
