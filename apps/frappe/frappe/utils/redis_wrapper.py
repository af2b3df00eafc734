"""The class behind `frappe.cache`."""

from frappe_engine.context.cache import SharedCache as RedisWrapper

__all__ = ["RedisWrapper"]
