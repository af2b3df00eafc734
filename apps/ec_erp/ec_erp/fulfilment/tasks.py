"""What the scheduler starts for fulfilment."""

from __future__ import annotations

from ec_erp.fulfilment.flows import waves


def run_waves() -> None:
    """Run the wave rules that are due."""
    waves.run_rules()
