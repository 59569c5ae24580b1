"""``handoff doctor``: everything the bot needs, a line each, with what to do where something is wrong."""

import argparse
import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import config, i18n
from bot.charts import typeface
from bot.clock import SystemClock
from bot.config import Settings
from bot.discord_ui.portal import Portal, Refused, Unreachable, examine
from bot.errors import BotError, ConfigError, DatabaseNewer, DatabaseUnusable
from bot.i18n import gettext as _
from bot.jobs.due import last_closed
from bot.market import store as market
from bot.market.catalogue import SAMPLE, Catalogue
from bot.market.freshness import ended
from bot.market.ingest.job import ClockBehind
from bot.market.ingest.settings import IngestSettings
from bot.market.probes import probe
from bot.market.sources.pace import Timing
from bot.market.sources.vendor import YAHOO
from bot.market.standing import ending
from bot.market.store import runs
from bot.market.store.connection import head, knows, revision
from bot.trouble import as_unusable

_LEAST_FREE = 500 * 1024 * 1024
_CLOCK_MAY_BE_OFF = 30.0
_REFUSED_SHOWN = 5
_LATEST = timedelta(hours=6)  # after a close: by then its bar is there, or something is wrong


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``said`` is what was found; ``todo`` what to do, empty where all is well."""

    name: str
    said: str
    todo: str = ""

    def line(self) -> str:
        """Return the check as a line."""
        mark = "✗" if self.todo else "✓"
        return f"{mark} {self.name}: {self.said}" + (f" → {self.todo}" if self.todo else "")


def doctor(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Run every check and print it; return 1 if any failed."""
    failed = False
    for check in checks(settings):
        print(check.line(), flush=True)
        failed = failed or bool(check.todo)
    return int(failed)


def checks(settings: Settings, timing: Timing | None = None) -> Iterator[Check]:
    """Yield the checks as they are done: settings, token, databases, disk, typeface, data, vendors."""
    yield Check(_("Settings"), _("readable, nothing unknown in them"))
    yield from _discord(settings)
    yield from _databases(settings)
    yield _disk(settings)
    yield _typeface()
    timing = timing or Timing(SystemClock())
    yield _data(settings, timing.clock.now())
    yield from _remembered(settings)
    yield from _vendors(settings, timing)


def _discord(settings: Settings) -> Iterator[Check]:
    name = _("Discord")
    try:
        token = config.token(settings)
    except ConfigError as error:
        yield Check(_("Token"), _("there is none"), error.text())
        return
    try:
        portal = asyncio.run(examine(token.get_secret_value()))
    except Refused:
        yield Check(_("Token"), _("Discord refuses it"), _("Copy it anew from the developer portal."))
    except Unreachable:
        yield Check(name, _("cannot be reached"), _("Check this machine's network and proxy."))
    else:
        yield from _portal(portal)


def _portal(portal: Portal) -> Iterator[Check]:
    yield Check(_("Token"), _("belongs to {name}").format(name=portal.name))
    todo = "" if portal.message_content else _("Switch it on in the developer portal, or only slash commands work.")
    yield Check(_("Message Content Intent"), _("on") if not todo else _("off"), todo)
    if portal.clock_off is not None:
        todo = "" if abs(portal.clock_off) < _CLOCK_MAY_BE_OFF else _("Set it, for instance with NTP.")
        yield Check(_("Clock"), _("{n} seconds off").format(n=i18n.number(portal.clock_off, signed=True)), todo)


def _databases(settings: Settings) -> Iterator[Check]:
    yield _database(_("Market database"), settings.market_url, "market")
    yield _database(_("Community database"), settings.community_url, "community")


def _database(name: str, url: str, part: str) -> Check:
    try:
        with as_unusable(part):
            found = revision(url, part)
    except DatabaseUnusable as trouble:
        return Check(name, _("cannot be used"), trouble.text())
    except Exception as error:  # noqa: BLE001  (whatever the driver says, the operator wants to read it here)
        return Check(name, type(error).__name__, _("Check its address and that it runs."))
    if found is None:
        return Check(name, _("has no tables yet"), _("Run “handoff migrate”."))
    if not knows(found, part):
        return Check(name, _("at revision {revision}").format(revision=found), DatabaseNewer(part).text())
    if found != (newest := head(part)):
        said = _("at revision {revision}, this release needs {newest}").format(revision=found, newest=newest)
        return Check(name, said, _("Run “handoff migrate”."))
    return Check(name, _("reachable, at revision {revision}").format(revision=found))


def _disk(settings: Settings) -> Check:
    folder = settings.data.folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        said = _("{folder} cannot be written to").format(folder=settings.data.folder)
        return Check(_("Disk"), said, _("Give the bot's user the right to, or move data.folder."))
    said = _("{n} MB free in {folder}").format(n=i18n.number(free / 1024 / 1024), folder=settings.data.folder)
    return Check(_("Disk"), said, "" if free > _LEAST_FREE else _("Make room, or move data.folder."))


def _typeface() -> Check:
    wide = typeface.width("0", typeface.points(24)) > 0
    return Check(_("Typeface"), _("loads") if wide else _("is broken"), "" if wide else _("Install the package anew."))


def _data(settings: Settings, now: datetime) -> Check:
    try:
        catalogue = Catalogue.load(config.data_location(settings))
    except BotError:
        return Check(_("Data"), _("none yet"), _("Run “handoff ingest”."))
    said = _("to the close of {day}").format(day=i18n.day(catalogue.last_session))
    if settings.data.source != SAMPLE and catalogue.last_session > last_closed(catalogue, now):
        return Check(_("Data"), said, ClockBehind(now, catalogue.last_session).text())
    closed = last_closed(catalogue, now - _LATEST)
    behind = settings.data.source != SAMPLE and catalogue.last_session < closed
    return Check(
        _("Data"), said, _("Run “handoff ingest”: {day} is missing.").format(day=i18n.day(closed)) if behind else ""
    )


def _remembered(settings: Settings) -> Iterator[Check]:
    """Show symbols that have ended, and what was set aside instead of stored: to be looked at, not failures."""
    try:
        with market.Store(settings.market_url) as store:
            gone, rows = ended(store), runs.refusals(store, _REFUSED_SHOWN)
    except Exception:  # noqa: BLE001  (said above already: the market database is out of reach)
        return
    for one in gone:
        yield Check(_("Ended"), ending(YAHOO, one))
    for row in rows:
        yield Check(_("Set aside"), _told(row))


def _told(row: dict[str, Any]) -> str:
    """Say when something was refused, which rows of which table, why, and how often if more than once."""
    named = json.loads(row["row"])
    what = " ".join(str(named[key])[:10] for key in ("fund", "series", "symbol", "day", "settlement") if named.get(key))
    told = f"{i18n.day(row['refused_at'].date())}, {row['table_name']} {what}".rstrip() + f": {row['reason']}"
    return told + (" " + _("({n} times)").format(n=i18n.number(row["times"])) if row["times"] > 1 else "")


def _vendors(settings: Settings, timing: Timing) -> Iterator[Check]:
    for vendor, said, wrong in probe(IngestSettings.of(settings), timing):
        yield Check(vendor, said, wrong.advice() if wrong else "")
