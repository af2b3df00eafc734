"""Where the sample of real order data lies: `EC_SAMPLE_DATA`, else beside the project; it is not part of the project."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def online_retail_file() -> Path:
    """Return the file with three days of a real online shop; skip the test where it is absent."""
    folder = Path(os.environ.get("EC_SAMPLE_DATA") or ROOT.parent / "shared" / "data")
    file = folder / "online-retail.csv"
    if not file.is_file():
        pytest.skip(f"{file.name} is not there: set EC_SAMPLE_DATA to the folder that holds it")
    return file
