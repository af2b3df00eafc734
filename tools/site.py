"""Creates the site on the first start and keeps it in step with the code on later ones.

Invariant: what a step finished is written down at once, so a start that was cut off goes on where it stopped;
data of a site that exists is never replaced.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.layout import APPS, Bench
from tools.settings import Settings
from tools.shell import run, say
from tools.stamps import digest_of, read_record, write_record

APP = "ec_erp"
CREATING = "creating"
READY = "ready"
PASSWORD_LETTERS = 12
METADATA_NAMES = ("hooks.py", "modules.txt", "patches.txt")


def ensure(bench: Bench, settings: Settings) -> str | None:
    """Make the site ready to be served and return Administrator's password, None where only its owner knows it."""
    password = ensure_created(bench, settings)
    ensure_app(bench, settings.site)
    ensure_migrated(bench, settings.site)
    ensure_demo(bench, settings)
    return password


def ensure_created(bench: Bench, settings: Settings) -> str | None:
    """Create the site unless it exists; set Administrator's password if another one is asked for."""
    site = settings.site
    known = password_of(bench, site)
    if not exists(bench, site) or progress(bench, site).get("state") == CREATING:
        return create(bench, settings)
    if settings.admin_password and settings.admin_password != known:
        call(bench, site, "set-admin-password", settings.admin_password)
        keep_password(bench, site, settings.admin_password)
        return settings.admin_password
    return known


def create(bench: Bench, settings: Settings) -> str:
    """Create the site on SQLite, over the remains of an attempt that was cut off, and return the password."""
    site, password = settings.site, settings.admin_password or secrets.token_urlsafe(PASSWORD_LETTERS)
    remains = ["--force"] if (bench.sites / site).exists() else []
    say(f"creating the site {site}")
    write_record(_progress_file(bench, site), {"state": CREATING})
    command = ["new-site", site, "--db-type", "sqlite", "--admin-password", password, *remains]
    run([bench.command, *command], cwd=bench.root, env=bench.environment())
    keep_password(bench, site, password)
    note(bench, site, state=READY, new=True)
    return password


def ensure_app(bench: Bench, site: str) -> None:
    """Install the ERP into the site unless that was done."""
    state = progress(bench, site).get("app")
    if state == READY:
        return
    say(f"installing {APP} into {site}")
    note(bench, site, app=CREATING)
    call(bench, site, "install-app", APP, *(["--force"] if state == CREATING else []))
    note(bench, site, app=READY, metadata=metadata_digest(bench))


def ensure_migrated(bench: Bench, site: str) -> None:
    """Bring the site's tables up to date if the apps' metadata changed since the last start."""
    digest = metadata_digest(bench)
    if progress(bench, site).get("metadata") == digest:
        return
    say(f"bringing {site} up to date with the apps")
    call(bench, site, "migrate")
    note(bench, site, metadata=digest)


def ensure_demo(bench: Bench, settings: Settings) -> None:
    """Fill in the demo company: by default into a new site only, so that no real site ever gets demo data unasked."""
    done = progress(bench, settings.site)
    wanted = bool(done.get("new")) if settings.demo is None else settings.demo
    if wanted and not done.get("demo"):
        say(f"filling {settings.site} with the demo company")
        call(bench, settings.site, "ec-demo")
        note(bench, settings.site, demo=True)
    note(bench, settings.site, new=False)


def exists(bench: Bench, site: str) -> bool:
    """Say whether the site has a configuration, by which bench itself knows a site."""
    return (bench.sites / site / "site_config.json").exists()


def call(bench: Bench, site: str, *words: str) -> None:
    """Run a framework command for the site through the real bench."""
    run([bench.command, "--site", site, *words], cwd=bench.root, env=bench.environment())


def metadata_digest(bench: Bench) -> str:
    """Return one hash over everything of the apps that `migrate` reads."""
    return digest_of(bench.apps, metadata_files(bench))


def metadata_files(bench: Bench) -> Iterator[Path]:
    """Yield the apps' document definitions, hooks, module lists and patches."""
    for app in APPS:
        package = bench.apps / app / app
        yield from sorted(file for file in package.rglob("*.json") if "public" not in file.relative_to(package).parts)
        yield from sorted(file for name in METADATA_NAMES for file in package.rglob(name))


def progress(bench: Bench, site: str) -> dict[str, Any]:
    """Return which steps of setting the site up are done."""
    return read_record(_progress_file(bench, site))


def note(bench: Bench, site: str, **steps: Any) -> None:
    """Write down finished steps."""
    before = progress(bench, site)
    after = {**before, **steps}
    if after != before:
        write_record(_progress_file(bench, site), after)


def password_of(bench: Bench, site: str) -> str | None:
    """Return the password Administrator got from us, None for a site made by hand."""
    file = _password_file(bench, site)
    return file.read_text(encoding="utf-8").strip() if file.exists() else None


def keep_password(bench: Bench, site: str, password: str) -> None:
    """Keep Administrator's first password where only the owner of the bench can read it."""
    file = _password_file(bench, site)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(password + "\n", encoding="utf-8")


def _progress_file(bench: Bench, site: str) -> Path:
    return bench.sites / ".setup" / f"{site}.json"


def _password_file(bench: Bench, site: str) -> Path:
    return bench.sites / site / ".admin_password"
