"""Trees."""

from frappe_engine.desk.trees import add_node, get_all_nodes, get_children

__all__ = ["add_node", "get_all_nodes", "get_children"]
