"""Trees."""

from frappe_engine.context.errors import (
    NestedSetChildExistsError,
    NestedSetInvalidMergeError,
    NestedSetMultipleRootsError,
    NestedSetRecursionError,
)
from frappe_engine.documents.nestedset import (
    NestedSet,
    get_ancestors_of,
    get_descendants_of,
    get_root_of,
    rebuild_tree,
    update_nsm,
)

__all__ = [
    "NestedSet",
    "NestedSetChildExistsError",
    "NestedSetInvalidMergeError",
    "NestedSetMultipleRootsError",
    "NestedSetRecursionError",
    "get_ancestors_of",
    "get_descendants_of",
    "get_root_of",
    "rebuild_tree",
    "update_nsm",
]
