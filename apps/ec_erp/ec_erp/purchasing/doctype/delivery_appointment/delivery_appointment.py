"""Delivery Appointment: when a supplier brings which goods, and to which dock (采购预约)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import appointment


class DeliveryAppointment(SetDocument):
    """An appointment; submitted it waits for the warehouse to confirm it."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        appointment.prefetch(docs)

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        appointment.fill_appointment(self)

    def check(self) -> None:
        """Refuse what breaks a rule; tell where the dock is full."""
        appointment.check_appointment(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Book the dock and wait for confirmation."""
        appointment.submit_appointments(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Free the dock."""
        appointment.cancel_appointments(docs)
