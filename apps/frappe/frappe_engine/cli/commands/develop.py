"""Commands for developers.

Invariant: what a command runs for a developer commits only where that is its purpose (`execute`).
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import click

from frappe_engine.cli.boilerplate import AppFacts, create_app
from frappe_engine.cli.commands.settings import parsed
from frappe_engine.cli.context import connection, get_site, one_site, pass_context, profiled, say, unsupported
from frappe_engine.cli.new_patch import create_patch_file
from frappe_engine.context.hooks import get_all_apps
from frappe_engine.context.local import current
from frappe_engine.jobs.enqueue import call_directly
from frappe_engine.kit.jsontext import as_json, json_default


def find(path: str) -> Any:
    """Give what a dotted path names, through modules and attributes. Raises `click.ClickException` when it leads nowhere."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:length])
        try:
            found: Any = import_module(name)
        except ModuleNotFoundError as error:
            if error.name and not (name == error.name or name.startswith(f"{error.name}.")):
                raise
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                raise click.ClickException(f"{name} has no {'.'.join(parts[length:])}")
            found = getattr(found, part)
        return found
    raise click.ClickException(f"{path}: there is no module {parts[0]}")


@click.command("execute")
@click.argument("method")
@click.option("--args", "arguments", help="Positional arguments, a Python or JSON list.")
@click.option("--kwargs", "options", help="Keyword arguments, a Python or JSON object.")
@click.option("--profile", is_flag=True, help="Say where the time went.")
@one_site
def execute(method: str, arguments: str | None, options: str | None, profile: bool) -> None:
    """Call a function of an app, print its result as JSON, commit."""
    function = find(method)
    given = parsed(arguments) if arguments else []
    positional = list(given) if isinstance(given, (list, tuple)) else [given]
    keywords = parsed(options) if options else {}
    if not isinstance(keywords, dict):
        raise click.ClickException("--kwargs takes an object")
    result = profiled(lambda: function(*positional, **keywords)) if profile else function(*positional, **keywords)
    current().db.commit()
    if result is not None:
        say(json.dumps(result, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> Any:
    return value.as_dict() if hasattr(value, "as_dict") else json_default(value)


@click.command("console")
@click.option("--autoreload", is_flag=True, help="Reload modules that change.")
@pass_context
def console(context: Any, autoreload: bool) -> None:
    """Open IPython, connected to the site; nothing is committed unless you do."""
    from IPython.terminal.ipapp import TerminalIPythonApp  # wanted by this command alone

    site = str(get_site(context))
    with connection(site):
        names = {app: import_module(app) for app in get_all_apps()}
        shell: Any = TerminalIPythonApp.instance()
        shell.display_banner = False
        shell.initialize(argv=[])
        if autoreload:
            shell.shell.extension_manager.load_extension("autoreload")
            shell.shell.run_line_magic("autoreload", "2")
        say(f"Apps in this namespace:\n{', '.join(names)}\n")
        shell.shell.confirm_exit = False
        shell.shell.user_ns.update(names)
        shell.start()
        current().db.rollback()


@click.command("request")
@click.option("--args", "arguments", help="What to ask for: `?cmd=dotted.path&x=1`, or `/api/method/dotted.path?x=1`.")
@click.option(
    "--path", type=click.Path(exists=True, dir_okay=False), help="A JSON file with `cmd` and the other words."
)
@one_site
def request(arguments: str | None, path: str | None) -> None:
    """Call a method as a request would, as Administrator, and print the answer."""
    words = _request_words(arguments, path)
    method = words.pop("cmd", None)
    if not method:
        raise click.ClickException("Say what to call: --args '?cmd=dotted.path', or --path file.json")
    current().form_dict.update(words)
    path_of_method = method if "." in method else f"frappe.{method}"  # short names over HTTP are the framework's
    result = call_directly(find(path_of_method), words)
    current().db.commit()
    answer = {"message": result} if result is not None else {}
    say(as_json(answer, default=_plain))


def _request_words(arguments: str | None, path: str | None) -> dict[str, Any]:
    if path:
        with open(path, encoding="utf-8") as file:
            return dict(json.load(file))
    head, _separator, query = (arguments or "").partition("?")
    words: dict[str, Any] = dict(parse_qsl(query or head))
    if "/api/method/" in head:
        words["cmd"] = head.rsplit("/api/method/", 1)[1].strip("/")
    return words


@click.command("make-app")
@click.argument("destination", type=click.Path(exists=True, file_okay=False))
@click.argument("app_name")
@click.option("--no-git", is_flag=True, help="Make no git repository.")
def make_app(destination: str, app_name: str, no_git: bool) -> None:
    """Make a new app in a folder."""
    title = app_name.replace("_", " ").replace("-", " ").title()
    ask = sys.stdin.isatty()
    facts = AppFacts(
        name=app_name,
        title=_asked("App Title", title, ask),
        description=_asked("App Description", title, ask),
        publisher=_asked("App Publisher", "Me", ask),
        email=_asked("App Email", "me@example.com", ask),
        license=_asked("App License", "MIT", ask),
    )
    try:
        folder = create_app(destination, facts, git=not no_git)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    say(f"'{app_name}' created at {folder}")


def _asked(question: str, default: str, ask: bool) -> str:
    return str(click.prompt(question, default=default)) if ask else default


@click.command("create-patch")
@click.option("--app", prompt="App", help="The app.")
@click.option("--description", prompt="What does the patch do", help="A few words; the name is made of them.")
@click.option("--doctype", default="", help="The DocType it is about; the patch lies in its folder then.")
def create_patch(app: str, description: str, doctype: str) -> None:
    """Make a file for a patch and list it in the app's patches.txt."""
    if app not in get_all_apps():
        raise click.ClickException(f"App {app} is not in the bench")
    path, dotted = create_patch_file(app, description, doctype)
    say(f"Created {path} and listed {dotted}")


commands = [
    console,
    execute,
    request,
    make_app,
    create_patch,
    unsupported("start-recording", "requests are not recorded"),
    unsupported("stop-recording", "requests are not recorded"),
    unsupported("jupyter", "use console, or your own notebook with frappe.init and frappe.connect"),
    unsupported("ngrok", "tunnels to the site are opened by their own programs"),
    unsupported("create-rq-users", "name Redis users in the URL of redis_queue"),
]
