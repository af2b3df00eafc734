"""The dict whose entries are attributes too."""

from frappe_engine.kit.attrdict import _dict

__all__ = ["_dict"]
