"""Other systems: calls to them, and their calls to us."""

from frappe._submodules import lazily

__getattr__ = lazily(__name__)
