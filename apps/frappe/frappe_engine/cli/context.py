"""What commands share: the sites they were called for, a connection to each, one transaction per site.

Invariant: a command that ended well has committed; one that raised has not.
"""

from __future__ import annotations

import cProfile
import functools
import io
import pstats
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from frappe_engine.context.errors import SiteNotSpecifiedError
from frappe_engine.context.local import Context, current
from frappe_engine.documents.site import connect, destroy, init
from frappe_engine.kit.attrdict import _dict

Function = Callable[..., Any]
SHOWN_PROFILE_LINES = 40


def pass_context(function: Function) -> Function:
    """Call a command with the group's options (`sites`, `force`, `verbose`, `profile`) as its first argument."""

    @click.pass_context
    def called(ctx: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        options = _dict(ctx.obj or {})
        options.sites = options.sites or []
        if not options.profile:
            return function(options, *args, **kwargs)
        return profiled(lambda: function(options, *args, **kwargs))

    return functools.update_wrapper(called, function)


def profiled(action: Callable[[], Any]) -> Any:
    """Run something and print where the time went."""
    profile = cProfile.Profile()
    profile.enable()
    try:
        return action()
    finally:
        profile.disable()
        text = io.StringIO()
        pstats.Stats(profile, stream=text).strip_dirs().sort_stats("cumulative").print_stats(SHOWN_PROFILE_LINES)
        click.echo(text.getvalue())


def get_site(context: Any, raise_err: bool = True) -> str | None:
    """Give the one site a command works on. Raises `SiteNotSpecifiedError` unless `raise_err` is false."""
    sites = context.get("sites") or []
    if sites:
        return str(sites[0])
    if raise_err:
        raise SiteNotSpecifiedError
    return None


@contextmanager
def connection(site: str, sites_path: str = ".") -> Iterator[Context]:
    """Work on a site as Administrator: committed when the block ends well, undone when it raises."""
    init(site, sites_path, force=True)
    try:
        connect()
        yield current()
        database = current().get("db")
        if database is not None:
            database.commit()
    finally:
        destroy()


def each_site(function: Function) -> Function:
    """Call a command once for each chosen site, connected to it. Raises `SiteNotSpecifiedError` when there is none."""

    @pass_context
    def called(options: Any, /, *args: Any, **kwargs: Any) -> None:
        if not options.sites:
            raise SiteNotSpecifiedError
        for site in options.sites:
            with connection(site):
                current().command_options = options
                function(*args, **kwargs)

    return functools.update_wrapper(called, function)


def one_site(function: Function) -> Function:
    """Call a command for the first chosen site, connected to it. Raises `SiteNotSpecifiedError` when there is none."""

    @pass_context
    def called(options: Any, /, *args: Any, **kwargs: Any) -> Any:
        with connection(str(get_site(options))):
            current().command_options = options
            return function(*args, **kwargs)

    return functools.update_wrapper(called, function)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    click.echo(text)


def refuse(reason: str) -> Function:
    """Give a command body that says why this runtime does not have the command, with exit status 1."""

    def refused(**_given: Any) -> None:
        raise click.ClickException(reason)

    return refused


def unsupported(name: str, reason: str) -> click.Command:
    """Give a command that takes anything and ends with the reason why it is not there, with exit status 1."""
    options = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": ["--help"]}
    return click.Command(
        name,
        callback=refuse(f"{name} is not part of this runtime: {reason}"),
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        context_settings=options,
        help=f"Not here: {reason}",
        short_help="Not part of this runtime.",
    )
