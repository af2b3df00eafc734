"""The one place that decides what a document does to the ledgers: pure."""
