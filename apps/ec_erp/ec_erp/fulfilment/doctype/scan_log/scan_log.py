"""Scan Log: what somebody scanned, and what the answer was (扫描记录)."""

from ec_erp.documents.ledger import PostedRow


class ScanLog(PostedRow):
    """What somebody scanned, and what the answer was; written by scans only."""
