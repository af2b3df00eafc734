"""The exceptions that apps, clients and desk branch on, with their HTTP status.

Invariant: names, ancestry and `http_status_code` are those of the public API (`exc_type` in error bodies).
"""

from __future__ import annotations


class SiteNotSpecifiedError(Exception):
    """A command that needs a site was called without one."""

    def __init__(self, *args: object) -> None:
        super().__init__(*(args or ("Please specify --site sitename",)))
        self.message = str(self.args[0])


class DatabaseModificationError(Exception):
    """The database structure was changed where that is not allowed."""


class UrlSchemeNotSupported(Exception):
    """A URL has a scheme that is not served here."""


class ValidationError(Exception):
    """The data break a rule; the message says which and what to do."""

    http_status_code = 417


class FrappeTypeError(TypeError):
    """An argument of a whitelisted method has the wrong type."""

    http_status_code = 417


class AuthenticationError(Exception):
    """Who is asking could not be established."""

    http_status_code = 401


class SessionExpired(Exception):
    """The session is over."""

    http_status_code = 401


class PermissionError(Exception):
    """The user may not do this."""

    http_status_code = 403


class DoesNotExistError(ValidationError):
    """The document asked for is not there."""

    http_status_code = 404


class PageDoesNotExistError(ValidationError):
    """The web page asked for is not there."""

    http_status_code = 404


class NameError(Exception):
    """The name is taken or can't be used."""

    http_status_code = 409


class OutgoingEmailError(Exception):
    """Mail could not be handed over."""

    http_status_code = 501


class SessionStopped(Exception):
    """The site is in maintenance."""

    http_status_code = 503


class UnsupportedMediaType(Exception):
    """The body has a type that is not understood."""

    http_status_code = 415


class RequestToken(Exception):
    """A token request failed."""

    http_status_code = 200


class Redirect(Exception):
    """The answer is elsewhere: `frappe.local.flags.redirect_location`."""

    http_status_code = 301

    def __init__(self, http_status_code: int = 301) -> None:
        self.http_status_code = http_status_code
        super().__init__()


class CSRFTokenError(Exception):
    """The request does not carry the session's token."""

    http_status_code = 400


class TooManyRequestsError(Exception):
    """Slow down."""

    http_status_code = 429


class ImproperDBConfigurationError(Exception):
    """The database server is set up in a way that can't work."""

    def __init__(self, reason: str, msg: str | None = None) -> None:
        super().__init__(msg or reason)
        self.reason = reason


class DuplicateEntryError(NameError):
    """A document of that name exists."""


class DataError(ValidationError):
    """A query names what does not exist or may not be named."""


class UnknownDomainError(Exception):
    """An unknown domain was named."""


class MappingMismatchError(ValidationError):
    """Source and target of a mapping do not fit."""


class InvalidStatusError(ValidationError):
    """The status does not allow this."""


class MandatoryError(ValidationError):
    """Values are missing."""


class NonNegativeError(ValidationError):
    """A value must not be negative."""


class InvalidSignatureError(ValidationError):
    """A signature does not match."""


class RateLimitExceededError(ValidationError):
    """More calls than allowed in the window."""

    http_status_code = 429


class CannotChangeConstantError(ValidationError):
    """A value that can be set only once was changed."""


class CharacterLengthExceededError(ValidationError):
    """A text is longer than its field."""


class UpdateAfterSubmitError(ValidationError):
    """A field of a submitted document was changed that may not be."""


class LinkValidationError(ValidationError):
    """A link names a document that is not there."""


class CancelledLinkError(LinkValidationError):
    """A link names a cancelled document."""


class DocstatusTransitionError(ValidationError):
    """Draft, submitted and cancelled follow one another in that order only."""


class TimestampMismatchError(ValidationError):
    """Somebody else saved the document in the meantime."""


class EmptyTableError(ValidationError):
    """A table needs rows."""


class LinkExistsError(ValidationError):
    """Other documents point at this one."""


class InvalidEmailAddressError(ValidationError):
    """That is no e-mail address."""


class InvalidNameError(ValidationError):
    """The name has characters that names can't have."""


class InvalidPhoneNumberError(ValidationError):
    """That is no phone number."""


class TemplateNotFoundError(ValidationError):
    """The template is not there."""


class UniqueValidationError(ValidationError):
    """The value must be unique and is taken."""


class AppNotInstalledError(ValidationError):
    """The app is not installed on this site."""


class IncorrectSitePath(Exception):
    """There is no such site in this bench."""


class NotFound(ValidationError):
    """What was asked for is not there."""

    http_status_code = 404


class ImplicitCommitError(ValidationError):
    """A statement would commit what is not finished."""


class RetryBackgroundJobError(Exception):
    """The job asks to be run again."""


class DocumentLockedError(ValidationError):
    """A background job holds the document."""


class DocumentAlreadyRestored(ValidationError):
    """The deleted document was restored before."""


class CircularLinkingError(ValidationError):
    """Documents point at each other in a ring."""


class SecurityException(Exception):
    """Refused for safety's sake."""

    http_status_code = 417


class InvalidColumnName(ValidationError):
    """A field name can't be a column."""


class IncompatibleApp(ValidationError):
    """The app does not fit this version."""


class InvalidDates(ValidationError):
    """The dates contradict one another."""


class DataTooLongException(ValidationError):
    """A value does not fit its column."""


class FileAlreadyAttachedException(Exception):
    """The file is attached already."""


class DocumentLinkExistsError(LinkExistsError):
    """Kept for apps that branch on it."""


class AttachmentLimitReached(ValidationError):
    """No more attachments fit on this document."""


class QueryTimeoutError(Exception):
    """The database gave up waiting."""

    http_status_code = 508


class QueryDeadlockError(Exception):
    """Two transactions waited for each other."""

    http_status_code = 508


class InReadOnlyMode(ValidationError):
    """Writing is switched off for now."""

    http_status_code = 503


class SessionBootFailed(ValidationError):
    """The session could not be prepared."""

    http_status_code = 500


class PrintFormatError(ValidationError):
    """The print format can't be rendered."""


class TooManyWritesError(Exception):
    """One transaction writes more than allowed."""


class LinkExpired(ValidationError):
    """The link is no longer valid."""

    http_status_code = 410
    title = "Link Expired"
    message = "The link has been expired"


class InvalidKeyError(ValidationError):
    """The document key is wrong."""

    http_status_code = 401


class CommandFailedError(Exception):
    """A command of the system failed."""

    def __init__(self, message: str, out: str = "", err: str = "") -> None:
        super().__init__(message)
        self.out = out
        self.err = err


class ExecutableNotFound(FileNotFoundError):
    """A program that is needed is not installed."""


class InvalidRoundingMethod(FileNotFoundError):
    """There is no such rounding method."""


class InvalidRemoteException(Exception):
    """The remote answer can't be read."""


class InvalidDateError(ValidationError):
    """That is no date."""


class InvalidAuthorizationHeader(CSRFTokenError):
    """The Authorization header can't be read."""


class InvalidAuthorizationPrefix(CSRFTokenError):
    """The Authorization header names an unknown scheme."""


class InvalidAuthorizationToken(CSRFTokenError):
    """The Authorization header carries a broken token."""


class QueueOverloaded(Exception):
    """Too many jobs wait."""

    http_status_code = 503


class NestedSetRecursionError(ValidationError):
    """A node can't be below itself."""


class NestedSetMultipleRootsError(ValidationError):
    """A tree has one root."""


class NestedSetChildExistsError(ValidationError):
    """A node with children can't be removed."""


class NestedSetInvalidMergeError(ValidationError):
    """A group and a leaf can't be merged."""
