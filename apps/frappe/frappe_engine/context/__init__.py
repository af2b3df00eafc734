"""Who is asking, on which site, in which request: the explicit object behind `frappe.local`.

Invariant: everything that belongs to one request, job or command hangs on one `Context`; nothing here knows
databases or documents. Facts owned by higher layers come in through `providers`.
"""

from frappe_engine.context.local import Context, Local, LocalProxy, current, local, new_context, providers, use_context

__all__ = ["Context", "Local", "LocalProxy", "current", "local", "new_context", "providers", "use_context"]
