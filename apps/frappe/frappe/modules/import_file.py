"""Reading documents from the files of modules."""

from __future__ import annotations

from frappe_engine.documents import sync


def import_file_by_path(
    path: str, force: bool = False, data_import: bool = False, pre_process: object = None, ignore_version: bool = True,
    reset_permissions: bool = False,
) -> bool:  # fmt: skip
    """Store the documents of a JSON file, where they are newer (or `force`); tell whether there was something to do."""
    return sync.import_file(path, force=force, ignore_version=ignore_version, reset_permissions=reset_permissions)
