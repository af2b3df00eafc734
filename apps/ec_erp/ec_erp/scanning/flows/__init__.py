"""Receiving, picking, checking, counting, moving and handing over by scans."""
