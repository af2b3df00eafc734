"""What users chose for themselves, per DocType."""

from frappe_engine.desk.user_settings import get, save
from frappe_engine.desk.user_settings import load_settings as get_user_settings

__all__ = ["get", "get_user_settings", "save"]
