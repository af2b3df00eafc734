"""What the server itself refuses in words of HTTP: a wrong verb, a file that is not there.

Invariant: these are told like every other refusal (an envelope for programs, a page for people); an exception of HTTP that
an app raises is none of these, and is its own answer.
"""

from __future__ import annotations

from werkzeug import exceptions


class Refusal(exceptions.HTTPException):
    """What the server refuses."""


class MethodNotAllowed(Refusal, exceptions.MethodNotAllowed):
    """The path does not know the verb."""


class NotFound(Refusal, exceptions.NotFound):
    """There is no such file."""
