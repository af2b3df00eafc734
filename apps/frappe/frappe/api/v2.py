"""REST version 2."""

from frappe_engine.http.rest_v2 import (
    RULES,
    call_method,
    create_doc,
    document_list,
    execute_doc_method,
    read_doc,
    run_doc_method,
    update_doc,
)
from frappe_engine.http.rest_v2 import copied_doc as copy_doc
from frappe_engine.http.rest_v2 import doctype_count as count
from frappe_engine.http.rest_v2 import doctype_meta as get_meta
from frappe_engine.http.rest_v2 import remove_doc as delete_doc

url_rules = RULES
handle_rpc_call = call_method

__all__ = [
    "copy_doc",
    "count",
    "create_doc",
    "delete_doc",
    "document_list",
    "execute_doc_method",
    "get_meta",
    "handle_rpc_call",
    "read_doc",
    "run_doc_method",
    "update_doc",
    "url_rules",
]
