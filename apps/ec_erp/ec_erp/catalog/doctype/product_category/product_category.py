"""Product Category: a tree of kinds of goods (类目)."""

from frappe.utils.nestedset import NestedSet


class ProductCategory(NestedSet):
    """A node of the category tree."""

    nsm_parent_field = "parent_product_category"
