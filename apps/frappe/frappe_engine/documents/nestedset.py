"""Trees: each node knows the range (`lft`, `rgt`) of its descendants.

Invariant: a node's range lies inside its parent's; ranges of siblings do not overlap; a change of the tree locks its
table's root rows, so that two changes follow one another.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import (
    NestedSetChildExistsError,
    NestedSetInvalidMergeError,
    NestedSetMultipleRootsError,
    NestedSetRecursionError,
)
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.document import Document


class NestedSet(Document):
    """A document that is a node of a tree."""

    def __setup__(self) -> None:
        if self.meta.get("nsm_parent_field"):
            self.nsm_parent_field = self.meta.nsm_parent_field

    @property
    def _parent_field(self) -> str:
        return str(self.__dict__.get("nsm_parent_field") or self.meta.nsm_parent)

    def db_update(self) -> None:
        """Write this node's row; its place in the tree is the stored one, whatever this copy of it says."""
        stored = self.get_doc_before_save()
        if stored is not None:
            self.__dict__.update({name: stored.get(name) for name in ("lft", "rgt", "old_parent")})
        super().db_update()

    def on_update(self) -> None:
        """Put the node where its parent says."""
        update_nsm(self)
        self.validate_ledger()

    def on_trash(self, allow_root_deletion: bool = True) -> None:
        """Refuse to delete a node with children (with `allow_root_deletion` False a root, too); close the gap."""
        parent = self.get(self._parent_field)
        if not parent and not allow_root_deletion and not self.flags.get("allow_root_deletion"):
            throw(_("Root {0} cannot be deleted").format(_(self.doctype)))
        self.validate_if_child_exists()
        self._remove()

    def _remove(self) -> None:
        database, table = current().db, f"tab{self.doctype}"
        row = database.row(f"SELECT `lft`, `rgt` FROM `{table}` WHERE `name` = ?", (self.name,))
        process_cache_of(current()).forget_kind("user_permissions")
        if row and row[0]:
            left, right = row
            width = right - left + 1
            database.write(f"UPDATE `{table}` SET `lft` = 0, `rgt` = 0 WHERE `name` = ?", (self.name,))
            database.write(f"UPDATE `{table}` SET `lft` = `lft` - ? WHERE `lft` > ?", (width, right))
            database.write(f"UPDATE `{table}` SET `rgt` = `rgt` - ? WHERE `rgt` > ?", (width, right))

    def validate_if_child_exists(self) -> None:
        """Raise when the node has children."""
        found = current().db.row(
            f"SELECT 1 FROM `tab{self.doctype}` WHERE `{self._parent_field}` = ? LIMIT 1", (self.name,)
        )
        if found is not None:
            throw(_("Cannot delete {0} as it has child nodes").format(self.name), NestedSetChildExistsError)

    def before_rename(self, olddn: str, newdn: str, merge: bool = False, group_fname: str = "is_group") -> None:
        """Refuse to merge a group with a leaf; take the node out when it is merged."""
        if merge and hasattr(self, group_fname):
            database = current().db
            if bool(self.get(group_fname)) != bool(database.get_value_by_name(self.doctype, newdn, group_fname)):
                throw(
                    _("Merging is only possible between Group-to-Group or Leaf Node-to-Leaf Node"),
                    NestedSetInvalidMergeError,
                )

    def after_rename(self, olddn: str, newdn: str, merge: bool = False) -> None:
        """Let the children follow."""
        database, table = current().db, f"tab{self.doctype}"
        database.write(
            f"UPDATE `{table}` SET `{self._parent_field}` = ? WHERE `{self._parent_field}` = ?", (newdn, olddn)
        )
        if "old_parent" in self.meta.column_types:
            database.write(f"UPDATE `{table}` SET `old_parent` = ? WHERE `old_parent` = ?", (newdn, olddn))
        if merge:
            rebuild_tree(self.doctype)

    def validate_one_root(self) -> None:
        """Raise when there is another root."""
        if not self.get(self._parent_field):
            row = current().db.row(
                f"SELECT count(*) FROM `tab{self.doctype}` WHERE IFNULL(`{self._parent_field}`, '') = ''"
            )
            if row and row[0] > 1:
                throw(_("Multiple root nodes not allowed."), NestedSetMultipleRootsError)

    def validate_ledger(self, group_identifier: str = "is_group") -> None:
        """Raise when a node with children is no group."""
        if self.meta.has_field(group_identifier) and not self.get(group_identifier):
            found = current().db.row(
                f"SELECT 1 FROM `tab{self.doctype}` WHERE `{self._parent_field}` = ? AND `docstatus` <> 2 LIMIT 1",
                (self.name,),
            )
            if found is not None:
                throw(_("{0} {1} cannot be a leaf node as it has children").format(_(self.doctype), self.name))

    def get_ancestors(self) -> list[str]:
        """Give the nodes above, the nearest first."""
        return get_ancestors_of(self.doctype, str(self.name))

    def get_parent(self) -> Any:
        """Give the parent node, None for a root."""
        name = self.get(self._parent_field)
        from frappe_engine.documents.document import get_doc  # the module's own base

        return get_doc(self.doctype, name) if name else None

    def get_children(self) -> Any:
        """Give the child nodes."""
        from frappe_engine.documents.document import get_doc  # as above

        rows = current().db.rows(
            f"SELECT `name` FROM `tab{self.doctype}` WHERE `{self._parent_field}` = ? ORDER BY `lft`", (self.name,)
        )
        for row in rows:
            yield get_doc(self.doctype, row[0])


def update_nsm(doc: Any) -> None:
    """Put a node where its parent field says: a new one is added, a moved one takes its subtree along."""
    parent_field = getattr(doc, "nsm_parent_field", None) or doc.meta.nsm_parent
    parent = doc.get(parent_field) or None
    database, table = current().db, f"tab{doc.doctype}"
    row = database.write(
        f"SELECT `lft`, `rgt`, `old_parent` FROM `{table}` WHERE `name` = ?{'' if database.is_sqlite else ' FOR UPDATE'}",
        (doc.name,),
    ).fetchone()
    if row is None:
        return
    left, right, old_parent = row
    if left and (old_parent or None) == parent:
        doc.__dict__["lft"], doc.__dict__["rgt"] = left, right
        return
    if not left:
        _lock_tree(database, table)
        left, right = _add(database, table, doc.name, parent, parent_field)
    else:
        _lock_tree(database, table)
        left, right = _move(database, table, doc.name, parent)
    process_cache_of(current()).forget_kind("user_permissions")  # they hold descendants
    database.write(f"UPDATE `{table}` SET `old_parent` = ? WHERE `name` = ?", (parent or "", doc.name))
    doc.__dict__["old_parent"] = parent or ""
    doc.__dict__["lft"], doc.__dict__["rgt"] = left, right


def _lock_tree(database: Any, table: str) -> None:
    if not database.is_sqlite:
        database.write(f"SELECT `name` FROM `{table}` WHERE `lft` = 1 FOR UPDATE").fetchall()


def _add(database: Any, table: str, name: str, parent: str | None, parent_field: str) -> tuple[int, int]:
    if parent:
        row = database.row(f"SELECT `lft`, `rgt` FROM `{table}` WHERE `name` = ?", (parent,))
        if row is None or not row[1]:
            rebuild_tree(table.removeprefix("tab"), parent_field)
            row = database.row(f"SELECT `lft`, `rgt` FROM `{table}` WHERE `name` = ?", (name,))
            return int(row[0]), int(row[1])
        right = int(row[1])
        database.write(f"UPDATE `{table}` SET `rgt` = `rgt` + 2 WHERE `rgt` >= ?", (right,))
        database.write(f"UPDATE `{table}` SET `lft` = `lft` + 2 WHERE `lft` > ?", (right,))
    else:
        right = int(database.row(f"SELECT IFNULL(max(`rgt`), 0) FROM `{table}`")[0]) + 1
    database.write(f"UPDATE `{table}` SET `lft` = ?, `rgt` = ? WHERE `name` = ?", (right, right + 1, name))
    return right, right + 1


def _move(database: Any, table: str, name: str, parent: str | None) -> tuple[int, int]:
    left, right = database.row(f"SELECT `lft`, `rgt` FROM `{table}` WHERE `name` = ?", (name,))
    width = right - left + 1
    if parent:
        target = database.row(f"SELECT `lft`, `rgt` FROM `{table}` WHERE `name` = ?", (parent,))
        if target is not None and left <= target[0] <= right:
            throw(_("Item cannot be added to its own descendants"), NestedSetRecursionError)
    database.write(
        f"UPDATE `{table}` SET `lft` = -`lft`, `rgt` = -`rgt` WHERE `lft` >= ? AND `rgt` <= ?", (left, right)
    )
    database.write(f"UPDATE `{table}` SET `lft` = `lft` - ? WHERE `lft` > ?", (width, right))
    database.write(f"UPDATE `{table}` SET `rgt` = `rgt` - ? WHERE `rgt` > ?", (width, right))
    if parent:
        place = int(database.row(f"SELECT `rgt` FROM `{table}` WHERE `name` = ?", (parent,))[0])
        database.write(f"UPDATE `{table}` SET `rgt` = `rgt` + ? WHERE `rgt` >= ?", (width, place))
        database.write(f"UPDATE `{table}` SET `lft` = `lft` + ? WHERE `lft` >= ?", (width, place))
    else:
        place = int(database.row(f"SELECT IFNULL(max(`rgt`), 0) FROM `{table}`")[0]) + 1
    shift = place - left
    database.write(f"UPDATE `{table}` SET `lft` = -`lft` + ?, `rgt` = -`rgt` + ? WHERE `lft` < 0", (shift, shift))
    return left + shift, right + shift


def rebuild_tree(doctype: str, parent_field: str | None = None) -> None:
    """Work out the ranges of a whole tree anew, in one pass over its rows."""
    from frappe_engine.documents.metas import get_meta  # metas know no trees

    field = parent_field or get_meta(doctype).nsm_parent
    database, table = current().db, f"tab{doctype}"
    children: dict[str, list[str]] = {}
    for name, parent in database.rows(f"SELECT `name`, IFNULL(`{field}`, '') FROM `{table}` ORDER BY `lft`, `name`"):
        children.setdefault(str(parent).lower(), []).append(name)
    ranges: list[tuple[int, int, str]] = []
    counter = 0
    starts: dict[str, int] = {}
    stack: list[tuple[str, bool]] = [(name, False) for name in reversed(children.get("", []))]
    while stack:
        name, done = stack.pop()
        counter += 1
        if done:
            ranges.append((starts[name], counter, name))
            continue
        starts[name] = counter
        stack.append((name, True))
        stack.extend((child, False) for child in reversed(children.get(str(name).lower(), [])))
    database.write_many(f"UPDATE `{table}` SET `lft` = ?, `rgt` = ? WHERE `name` = ?", ranges)


def get_ancestors_of(doctype: str, name: str, order_by: str = "lft desc", limit: int | None = None) -> list[str]:
    """Give the nodes above a node, the nearest first."""
    return _around(doctype, name, "`lft` < ? AND `rgt` > ?", order_by, limit)


def get_descendants_of(
    doctype: str, name: str, order_by: str = "lft desc", limit: int | None = None, ignore_permissions: bool = False
) -> list[str]:
    """Give the nodes below a node."""
    return _around(doctype, name, "`lft` > ? AND `rgt` < ?", order_by, limit)


def _around(doctype: str, name: str, condition: str, order_by: str, limit: int | None) -> list[str]:
    database, table = current().db, f"tab{doctype}"
    row = database.row(f"SELECT `lft`, `rgt` FROM `{table}` WHERE `name` = ?", (name,))
    if row is None:
        return []
    direction = "DESC" if "desc" in order_by.lower() else "ASC"
    rows = database.rows(
        f"SELECT `name` FROM `{table}` WHERE {condition} ORDER BY `lft` {direction}"
        + (f" LIMIT {int(limit)}" if limit else ""),
        tuple(row),
    )
    return [found[0] for found in rows]


def get_root_of(doctype: str) -> str | None:
    """Give the first root of a tree."""
    row = current().db.row(f"SELECT `name` FROM `tab{doctype}` WHERE `lft` = 1")
    return row[0] if row else None


providers.register("get_descendants", get_descendants_of)
