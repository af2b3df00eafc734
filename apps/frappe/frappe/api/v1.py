"""REST version 1."""

from frappe_engine.http.rest_v1 import (
    RULES,
    call_method,
    create_doc,
    document_list,
    execute_doc_method,
    read_doc,
    update_doc,
)
from frappe_engine.http.rest_v1 import remove_doc as delete_doc

url_rules = RULES
handle_rpc_call = call_method

__all__ = [
    "create_doc",
    "delete_doc",
    "document_list",
    "execute_doc_method",
    "handle_rpc_call",
    "read_doc",
    "update_doc",
    "url_rules",
]
