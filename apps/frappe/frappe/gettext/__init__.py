"""Translations in the files that translators' tools know: PO, POT and MO."""
