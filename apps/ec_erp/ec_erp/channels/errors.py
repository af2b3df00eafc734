"""Failures of the channels area."""

from ec_erp.documents.errors import DocumentRefused


class ImportRefused(DocumentRefused):
    """A file can't be imported at all: wrong format, wrong columns, or a company that does not fit."""


class PushRefused(DocumentRefused):
    """A push can't be taken at all: an unknown or disabled shop, too much at once."""
