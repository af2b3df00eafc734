"""Following documents."""

from frappe_engine.desk.people import follow_document, get_follow_users, unfollow_document, update_follow

__all__ = ["follow_document", "get_follow_users", "unfollow_document", "update_follow"]
