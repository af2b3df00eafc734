"""Failures of the channels area."""

from ec_erp.documents.errors import DocumentRefused


class ImportRefused(DocumentRefused):
    """A file can't be imported at all: wrong format, wrong columns, or a company that does not fit."""
