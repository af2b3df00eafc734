"""What the scheduler starts for fulfilment."""

from __future__ import annotations

from ec_erp.fulfilment.flows import cartons, waves


def run_waves() -> None:
    """Run the wave rules that are due."""
    waves.run_rules()


def book_cartons() -> None:
    """Take cartons out of stock that parcels were packed into while there were none in the books."""
    cartons.consume_waiting()
