"""Running one job: in a context of its own, as its user, within its time; its work and its end are one commit.

What lies above this layer (entering a site, the error log) comes in as `Surroundings`.

Invariant: an attempt that was taken over by another worker commits nothing any more.
"""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from frappe_engine.context.errors import QueryDeadlockError, QueryTimeoutError, RetryBackgroundJobError
from frappe_engine.context.hooks import call_hooks, get_attr
from frappe_engine.context.local import Context, current
from frappe_engine.database.transaction import CallbackManager
from frappe_engine.kit.attrdict import _dict

WORTH_ANOTHER_TRY = (RetryBackgroundJobError, QueryDeadlockError, QueryTimeoutError)


class JobTimeoutError(Exception):
    """The job took longer than it may."""


class LostJobError(Exception):
    """Another worker has taken the job over: what this one did must not be committed."""


class WorkerStoppedError(BaseException):
    """The worker is asked to end and can't wait for the job. No ordinary handler may swallow it."""


class End(Enum):
    """How an attempt ended."""

    FINISHED = "finished"
    FAILED = "failed"
    AGAIN = "again"
    LOST = "lost"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Surroundings:
    """What a worker is given from above: how to enter a site as a user, and where errors are kept."""

    enter: Callable[[str, str], AbstractContextManager[Context]]
    log_error: Callable[[str, BaseException], None]


@dataclass(frozen=True)
class Work:
    """One job to run."""

    site: str
    id: str
    user: str
    method: str | Callable[..., Any]
    arguments: Mapping[str, Any]
    title: str
    name: str
    timeout_s: float
    queue: str = ""
    on_success: Any = None
    on_failure: Any = None


class Attempt(Protocol):
    """This worker's hold on a job. The methods that take a database write there and leave the commit to the caller.

    `running` is true while the job's own code runs: only then may the worker be stopped by an exception.
    """

    running: bool

    def hold(self, database: Any) -> bool:
        """Extend the hold; False when it was lost."""

    def finish(self, database: Any) -> bool:
        """Mark the job as done; False when the hold was lost."""

    def fail(self, database: Any, error: Exception) -> bool:
        """Mark the job as failed."""

    def again(self, database: Any) -> bool:
        """Let the job be tried again; False when it was tried often enough."""

    def give_back(self, database: Any) -> None:
        """Let another worker do the job, at once."""


class CommitGuard:
    """Lets a job that commits by itself do so only while the job is still its own."""

    def __init__(self, database: Any, attempt: Attempt) -> None:
        self.database, self.attempt = database, attempt
        self._commit = database.commit

    def commit(self) -> None:
        """Commit without a check."""
        self._commit()

    def __enter__(self) -> CommitGuard:
        self.database.commit = self._commit_if_ours
        return self

    def __exit__(self, *_exception: object) -> None:
        self.lift()

    def lift(self) -> None:
        """Let everybody commit again: the job has ended."""
        self.database.__dict__.pop("commit", None)

    def _commit_if_ours(self, chain: bool = False) -> None:
        running, self.attempt.running = (
            self.attempt.running,
            False,
        )  # nothing may break in between commit and notes of it
        try:
            if self.database.in_transaction() and not self.attempt.hold(self.database):
                raise LostJobError
            self._commit(chain)
        finally:
            self.attempt.running = running


@dataclass(frozen=True)
class Run:
    """One run of a job: what the steps after its end need."""

    work: Work
    attempt: Attempt
    surroundings: Surroundings
    database: Any
    guard: CommitGuard


def perform(work: Work, attempt: Attempt, surroundings: Surroundings) -> End:
    """Run a job to its end, whatever that is. Raises `WorkerStoppedError` after the job was given back."""
    with surroundings.enter(work.site, work.user) as context:
        context.job = _job_facts(work)
        with CommitGuard(context.db, attempt) as guard:
            run = Run(work, attempt, surroundings, context.db, guard)
            try:
                result = _call(work, attempt, context.db)
                guard.commit()
            except LostJobError:
                context.db.rollback()
                return End.LOST
            except WorkerStoppedError:
                _settle(run, lambda: attempt.give_back(context.db))
                raise
            except WORTH_ANOTHER_TRY as error:
                return _try_again(run, error)
            except Exception as error:  # noqa: BLE001 - whatever a job raises, it has failed
                return _fail(run, error)
        return _succeed(run, result)


def _job_facts(work: Work) -> Any:
    return _dict(
        site=work.site,
        job_id=work.id,
        method=work.name,
        job_name=work.title,
        kwargs=work.arguments,
        user=work.user,
        queue=work.queue,
        after_job=CallbackManager(),
    )


def _call(work: Work, attempt: Attempt, database: Any) -> Any:
    attempt.running = True
    try:
        with limited(work.timeout_s):
            call_hooks("before_job", method=work.name, kwargs=work.arguments, transaction_type="job")
            function = get_attr(work.method) if isinstance(work.method, str) else work.method
            result = function(**work.arguments)
    finally:
        attempt.running = False
    if not attempt.finish(database):
        raise LostJobError
    return result


def _settle(run: Run, act: Callable[[], Any]) -> Any:
    """Undo the job's work and write down what becomes of the job."""
    run.database.rollback()
    answer = act()
    run.guard.commit()
    return answer


def _try_again(run: Run, error: Exception) -> End:
    if _settle(run, lambda: run.attempt.again(run.database)):
        return End.AGAIN
    return _fail(run, error)


def _fail(run: Run, error: Exception) -> End:
    run.database.rollback()
    if not run.attempt.fail(run.database, error):
        run.database.rollback()
        return End.LOST
    run.guard.commit()
    run.guard.lift()
    work = run.work
    _apart(run, lambda: run.surroundings.log_error(work.name, error))
    if work.on_failure:
        facts = (current().job, None, type(error), error, error.__traceback__)
        _apart(run, lambda: _function(work.on_failure)(*facts))
    _apart(run, lambda: _run_after_hooks(work, None))
    return End.FAILED


def _succeed(run: Run, result: Any) -> End:
    work = run.work
    if work.on_success:
        _apart(run, lambda: _function(work.on_success)(current().job, None, result))
    _apart(run, lambda: _run_after_hooks(work, result))
    return End.FINISHED


def _run_after_hooks(work: Work, result: Any) -> None:
    call_hooks("after_job", method=work.name, kwargs=work.arguments, result=result)
    current().job.after_job.run()


def _apart(run: Run, act: Callable[[], Any]) -> None:
    """What follows a job can't change how the job ended: it has a transaction of its own, its errors go to the log."""
    try:
        act()
        run.database.commit()
    except Exception as error:  # noqa: BLE001
        run.database.rollback()
        run.surroundings.log_error(f"after {run.work.name}", error)
        run.database.commit()


def _function(given: Any) -> Callable[..., Any]:
    function: Callable[..., Any] = get_attr(given) if isinstance(given, str) else given
    return function


def text_of(error: BaseException) -> str:
    """Give an exception with its traceback, as the list of failed jobs shows it."""
    return "".join(traceback.format_exception(error))


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `JobTimeoutError` in a block that takes longer; 0 for no limit; outside the main thread nothing is limited."""
    if not seconds or threading.current_thread() is not threading.main_thread():
        yield
        return

    def too_late(_number: int, _frame: object) -> None:
        raise JobTimeoutError(f"Task exceeded maximum timeout value ({seconds:g} seconds)")

    before = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
