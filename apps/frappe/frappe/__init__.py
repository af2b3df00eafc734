"""The public API: `import frappe`.

Everything here is a name for something in `frappe_engine`; the documented behaviour of Frappe 15 is the contract.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import *  # noqa: F403
from frappe_engine.context.hooks import (
    append_hook,
    get_all_apps,
    get_app_path,
    get_attr,
    get_hooks,
    get_installed_apps,
    get_module,
)
from frappe_engine.context.local import LocalProxy, local
from frappe_engine.context.messages import clear_last_message, clear_messages, get_message_log, msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.documents.copying import copy_doc
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.document import (
    get_cached_doc,
    get_cached_value,
    get_doc,
    get_last_doc,
    get_lazy_doc,
    get_single,
    new_doc,
)
from frappe_engine.documents.listing import get_all, get_list
from frappe_engine.documents.metas import get_meta
from frappe_engine.documents.rename import rename_doc
from frappe_engine.documents.site import connect, destroy, init, set_user
from frappe_engine.kit.attrdict import _dict

__version__ = "15.72.0"
__title__ = "Frappe Framework"
STANDARD_USERS = ("Guest", "Administrator")

db: Any = LocalProxy("db")
conf: Any = LocalProxy("conf")
form: Any = LocalProxy("form_dict")
form_dict: Any = LocalProxy("form_dict")
request: Any = LocalProxy("request")
response: Any = LocalProxy("response")
session: Any = LocalProxy("session")
user: Any = LocalProxy("user")
flags: Any = LocalProxy("flags")
error_log: Any = LocalProxy("error_log")
debug_log: Any = LocalProxy("debug_log")
message_log: Any = LocalProxy("message_log")
lang: Any = LocalProxy("lang")
cache: Any = LocalProxy("cache_server")

__all__ = ["_", "_dict", "append_hook", "clear_last_message", "clear_messages", "conf", "connect", "copy_doc", "db", "delete_doc", "destroy", "flags", "get_all", "get_all_apps", "get_app_path", "get_attr", "get_cached_doc", "get_cached_value", "get_doc", "get_hooks", "get_installed_apps", "get_last_doc", "get_lazy_doc", "get_list", "get_message_log", "get_meta", "get_module", "get_single", "init", "local", "msgprint", "new_doc", "rename_doc", "session", "set_user", "throw"]
