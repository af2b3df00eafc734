"""Push messages by a relay of upstream's makers, which this runtime does not use.

Invariant: nothing leaves the machine; `is_enabled` says no, and whoever does not ask gets `NotImplementedError`.
"""

from __future__ import annotations

from typing import NoReturn


class PushNotification:
    """What an app calls to send push messages; never enabled here."""

    def __init__(self, project_name: str) -> None:
        self.project_name = project_name

    def is_enabled(self) -> bool:
        """Tell whether messages can be sent: they can't."""
        return False

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError("frappe.push_notification.PushNotification is not part of this runtime")

    add_token = remove_token = add_topic = remove_topic = _refuse
    subscribe_topic = unsubscribe_topic = _refuse
    send_notification_to_user = send_notification_to_topic = _refuse
