"""What kinds of fields and columns documents have."""

from frappe_engine.kit.columns import LAYOUT_TYPES, TABLE_TYPES
from frappe_engine.schema.fieldtypes import (
    ATTACHMENT_TYPES,
    CHILD_TABLE_FIELDS,
    DATA_TYPES,
    DEFAULT_FIELDS,
    LOG_TYPES,
    OPTIONAL_FIELDS,
    STANDARD_LABELS,
)

from frappe._submodules import lazily

data_fieldtypes = DATA_TYPES
float_like_fields = {"Float", "Currency", "Percent"}
datetime_fields = {"Datetime", "Date", "Time"}
attachment_fieldtypes = ATTACHMENT_TYPES
no_value_fields = tuple(sorted(LAYOUT_TYPES | TABLE_TYPES))
display_fieldtypes = tuple(sorted(LAYOUT_TYPES))
numeric_fieldtypes = ("Check", "Currency", "Float", "Int", "Percent", "Long Int", "Duration", "Rating")
default_fields = DEFAULT_FIELDS
child_table_fields = CHILD_TABLE_FIELDS
optional_fields = OPTIONAL_FIELDS
table_fields = tuple(sorted(TABLE_TYPES))
core_doctypes_list = (
    "DefaultValue", "DocType", "DocField", "DocPerm", "DocType Action", "DocType Link", "DocType State", "User", "Role",
    "Has Role", "Page", "Module Def", "Print Format", "Report", "Customize Form", "Customize Form Field", "Property Setter",
    "Custom Field", "Client Script",
)  # fmt: skip
log_types = tuple(sorted(LOG_TYPES))
std_fields = [{"fieldname": name, "label": label} for name, label in STANDARD_LABELS.items()]
data_field_options = ("Email", "Name", "Phone", "URL", "Barcode", "IBAN")


def delete_fields(args_dict: dict[str, list[str]], delete: int = 0) -> None:
    """Drop the columns of fields that were taken out of DocTypes ({DocType: [field names]}), when `delete` is set."""
    import frappe

    for doctype, fieldnames in args_dict.items():
        frappe.db.delete("DocField", {"parent": doctype, "fieldname": ["in", fieldnames]})
        if not delete:
            continue
        if frappe.db.get_value("DocType", doctype, "issingle"):
            for fieldname in fieldnames:
                frappe.db.sql("delete from `tabSingles` where doctype=%s and field=%s", (doctype, fieldname))
        else:
            for fieldname in set(fieldnames) & set(frappe.db.get_table_columns(doctype)):
                frappe.db.sql_ddl(f"alter table `tab{doctype}` drop column `{fieldname}`")


def get_permitted_fields(
    doctype: str,
    parenttype: str | None = None,
    user: str | None = None,
    permission_type: str | None = None,
    **_options: object,
) -> list[str]:
    """Give the columns of a DocType that a user may read."""
    from frappe_engine.access.decisions import permitted_fields
    from frappe_engine.documents.metas import get_meta

    meta = get_meta(doctype)
    allowed = permitted_fields(meta, user, permission_type or "read")
    return [name for name in meta.column_types if allowed is None or name in allowed]


__getattr__ = lazily("frappe.model")
