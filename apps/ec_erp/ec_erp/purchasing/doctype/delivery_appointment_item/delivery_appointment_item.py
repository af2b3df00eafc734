"""Delivery Appointment Item: goods of a purchase order that are announced."""

from ec_erp.documents.sets import SetRow


class DeliveryAppointmentItem(SetRow):
    """A row of a delivery appointment."""
