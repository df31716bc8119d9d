"""What was chosen for each part on this computer, and why everything else was not. Contains no text of the user's."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from reader import __version__
from reader.capture.none import NoText
from reader.core import accessibility
from reader.desktop import speech_dispatcher
from reader.desktop.speech_dispatcher import State
from reader.errors import DesktopError, InstanceError
from reader.flow import Source
from reader.gnome_shell import install
from reader.gnome_shell.sentences import is_updated, sentence
from reader.gnome_shell.state import Status, is_gnome
from reader.ipc.choose import socket_address
from reader.settings.paths import crash_folder, log_file, settings_file
from reader.support import display, foreign
from reader.support.app_id import APP_ID
from reader.support.crashes import reports
from reader.voices import registry
from reader.voices.base import Collecting
from reader.voices.registry import ServiceEntry
from reader.voices.service import Examination

if TYPE_CHECKING:
    from reader.core.app import App
    from reader.credentials.account import AccountReport
    from reader.ipc.base import BusListener

# A row: the part, what serves it, what was refused (name, reason), remarks.
Row = dict[str, Any]


async def report(app: App, *, asks: Collection[str] = (), bus: BusListener | None = None) -> list[Row]:
    """The state of every part. Call it when everything is warm. Core thread. `bus` is where other programs call Harken.

    A service and the sources of keys, which may ask for a password, are left alone unless one of its voices is chosen
    or `asks` has its name: then it may take half a minute, and as long as a person or a program takes to answer.
    """
    system = await asyncio.to_thread(platform.platform)  # looks through the interpreter's own file
    rows = [_system(app, system), _hotkeys(app), *_bus(bus), await _capture(app), *await _gnome_extension()]
    rows += [*_voices(app), _sound(app)]
    for entry in registry.services():
        rows += await _service(app, entry, is_asked=entry.name in asks)
    return [*rows, *await asyncio.to_thread(_programs), _settings(app)]


def _row(part: str, chosen: str, refused: list[tuple[str, str]] | None = None, notes: list[str] | None = None) -> Row:
    """A row whose texts are made fit to be shown: names in them may come from anywhere."""
    return {
        "part": part,
        "chosen": foreign.sentence(chosen),
        "refused": [[foreign.shown(name), foreign.sentence(why)] for name, why in refused or []],
        "notes": [foreign.sentence(note) for note in notes or []],
    }


def _session() -> str:
    """What decides on Linux which back ends can be used."""
    if sys.platform != "linux":
        return "no display, over SSH" if os.environ.get("SSH_CONNECTION") else sys.platform
    session = os.environ.get("XDG_SESSION_TYPE") or ("x11" if os.environ.get("DISPLAY") else "no display")
    if not display.is_there():
        session = "no display, over SSH" if os.environ.get("SSH_CONNECTION") else "no display"
    return f"{session}, desktop: {os.environ.get('XDG_CURRENT_DESKTOP') or 'unknown'}, {sys.platform}"


def _system(app: App, system: str) -> Row:
    return _row(
        "system",
        f"Harken {__version__}, Python {platform.python_version()}, {system}",
        notes=[
            f"session: {_session()}",
            seen_in(app.is_served),
            *_no_commands(),
        ],
    )


def _no_commands() -> list[str]:
    """Why no command can reach a Harken here."""
    try:
        socket_address()
    except InstanceError as error:
        return [error.sentence]
    return []


def _hotkeys(app: App) -> Row:
    if app.desktop.bindings is None:
        return _row("keys", "none", notes=["not started"])
    keys, hotkeys = app.desktop.keys, app.desktop.bindings.hotkeys
    notes = [f"{command}: {name}" for command, name in keys.names.items()]
    notes += dict.fromkeys(keys.refused.values())
    notes += [keys.advice] if keys.advice else []
    if hotkeys.backend.asks_user and not app.is_served:
        notes.append("this desktop may ask you to allow the keys when Harken runs; this report does not try it")
    if keys.is_asking:
        notes.append("the desktop is asking you whether Harken may use keys: look for its dialog")
    if not hotkeys.backend.swallows:
        notes.append("the program in front gets the keys as well")
    if keys.names and not keys.has_escape:
        notes.append("Harken can't use Esc here, so Esc does not stop reading")
    return _row("keys", hotkeys.backend.name, hotkeys.refusals, notes)


def _bus(bus: BusListener | None) -> list[Row]:
    """Whether programs of the session can call Harken. One that runs for this report alone can't be called."""
    if bus is None or sys.platform != "linux":  # others have none, and need none
        return []
    if bus.problem:
        return [_row("d-bus", "none", [("session bus", bus.problem)])]
    notes = [] if bus.is_activatable else ["a call does not start Harken, because the bus has no service file for it"]
    return [_row("d-bus", APP_ID, notes=notes)]


async def _capture(app: App) -> Row:
    if app.desktop.capture is None:
        return _row("text", "none", notes=["not started"])
    choice = app.desktop.capture
    notes = [*_missing(choice.chosen), *choice.capture.notes(), *await _accessibility(app)]
    return _row("text", ", ".join(choice.chosen), choice.refusals, notes)


def _missing(chosen: Collection[str]) -> list[str]:
    """What can't be seen here, and what to do instead: not to select text if selections can't be seen either."""
    has_selection, has_focus = (f"no {source}" not in chosen for source in (Source.SELECTION, Source.FOCUS))
    if has_selection:
        return [] if has_focus else [NoText().why(Source.FOCUS)]
    if has_focus:
        return ["a selection is seen only in programs that report their focused text"]
    return [NoText().why(Source.SELECTION)]


async def _accessibility(app: App) -> list[str]:
    """Notes that depend on the desktop's accessibility switch."""
    is_on = await app.desktop.accessibility.is_on() if app.desktop.accessibility else None
    if is_on is None:
        return []
    if is_on:
        return ["accessibility is on; programs started before that report nothing until you restart them"]
    command = f"harken settings set {accessibility.KEY} on"
    return [f"accessibility is off: Qt programs and Firefox report their text only after “{command}” and a restart"]


async def _gnome_extension() -> list[Row]:
    """On GNOME, the state of Harken's extension."""
    if not is_gnome():
        return []
    try:
        state = await install.state()
    except DesktopError as error:
        return [_row("gnome extension", "none", [("extension", str(error))])]
    if state.status is not Status.RUNS:
        return [_row("gnome extension", "none", [("extension", state.why_not)])]
    notes = [sentence(state)] if is_updated(state) else []
    return [_row("gnome extension", f"version {state.version}, in GNOME Shell {state.shell_version}", notes=notes)]


def _voices(app: App) -> list[Row]:
    rows = []
    for name, engine in app.engines.all.items():
        count = len(engine.voices())
        if registry.is_remote(name) and not count:
            continue  # the row of the service says more
        if not count and isinstance(engine, Collecting) and not engine.has_voices:
            rows.append(_row(f"voice {name}", "none added", notes=["“harken voices add FILE” adds a voice"]))
            continue
        chosen = f"{count} voice{'s' if count != 1 else ''}" if count else "not ready"
        low, high = engine.speeds
        rows.append(_row(f"voice {name}", chosen, notes=[f"native speed {low:.2g} to {high:.2g}"]))
    return rows


async def _service(app: App, entry: ServiceEntry, *, is_asked: bool) -> list[Row]:
    """The rows of the account and of the service."""
    service = app.services[entry.name]
    summary = (await service.spent()).summary
    spent = [summary] if summary else []
    chosen = app.settings.text("voice.id")
    if not is_asked and registry.service_of(chosen) != entry:
        notes = [f"no voice of {entry.title} is chosen; “harken doctor --{entry.name}” checks it anyway", *spent]
        return [_row(entry.title, "not asked", notes=notes)]
    rows, where = [], "reached"
    if entry.needs_account:
        found = await app.credentials.report()
        rows.append(account(found))
        if found.account is None:
            return [*rows, _row(entry.title, "none", notes=["not checked without an account", *spent])]
        where = f"{found.account.region}, {found.account.endpoint}"
    for name in registry.engines_of(entry):
        await app.engines.make_remote(name)  # their owner closes them
    examination = await service.examine(chosen)
    return [*rows, examined(entry.title, examination.where or where, examination, spent)]


def _programs() -> list[Row]:
    """Whether other programs speak with Harken's voices."""
    if sys.platform != "linux":
        return []
    found = speech_dispatcher.state()
    notes = []
    if found is State.ABSENT:
        notes = ["“harken speechd install” lets other programs, such as Orca, speak with Harken's voices"]
    elif found is State.UNUSED:
        notes = ["“harken speechd install” makes it load its modules again; its log, speechd.log, is beside Harken's"]
    return [_row("speech-dispatcher", found.value, notes=notes)]


def seen_in(is_running: bool) -> str:
    """Whose environment, account and desktop a report is about."""
    return "seen in the running Harken" if is_running else "seen in this terminal, because Harken is not running"


def examined(title: str, where: str, found: Examination, spent: list[str]) -> Row:
    """What the account may do at a service. `where` it is, `spent` as notes."""
    refused = [(check.operation, check.why) for check in found.checks if not check.is_allowed]
    allowed = [check for check in found.checks if check.is_allowed]
    notes = [f"may call {', '.join(check.operation for check in allowed)}"] if allowed else []
    notes += [f"{check.operation}: {check.why}" for check in allowed if check.why]
    if found.proxy:
        notes.insert(0, found.proxy)
    if found.is_backing_off:
        notes.append("paused after failures; another voice reads until it is back")
    return _row(title, where if allowed else "none", refused, [*notes, *found.refused_formats, *spent])


def account(report: AccountReport) -> Row:
    """Which source of AWS keys answered, and why the others did not. No key, except the end of the access key."""
    refused = [(source.name, source.why) for source in report.sources if not source.is_chosen]
    found = report.account
    if found is None:
        return _row("AWS account", "none", refused, [report.problem])
    expiry = f"{found.expires_at:until %Y-%m-%d %H:%M %Z}" if found.expires_at else "does not expire"
    region_source = f"set by {found.region_source}" if found.region_source else "default; polly.region sets another"
    notes = [
        f"access key {found.key_ending}, {expiry}",
        f"region {found.region}, {region_source}",
        f"endpoint {found.endpoint}",
    ]
    if found.ca_bundle:
        notes.append(f"certificates trusted: {found.ca_bundle}")
    return _row("AWS account", found.source, refused, notes)


def account_data(report: AccountReport) -> dict[str, object]:
    """The account, for programs."""
    account = report.account
    return {
        "source": account.source if account else None,
        "access_key_ending": account.key_ending if account else None,
        "expires_at": account.expires_at.isoformat() if account and account.expires_at else None,
        "region": account.region if account else None,
        "region_source": account.region_source if account else None,
        "endpoint": account.endpoint if account else None,
        "ca_bundle": account.ca_bundle if account else None,
        "problem": report.problem,
        "sources": [{"name": s.name, "is_chosen": s.is_chosen, "why": s.why} for s in report.sources],
    }


def _sound(app: App) -> Row:
    device = app.device
    if device.is_open:
        return _row("sound", f"{device.name} at {device.rate_hz} Hz")
    return _row("sound", "none", [("portaudio", app.warming.sound_problem or "no output could be opened")])


def _settings(app: App) -> Row:
    crashed = [f"crash report: {path}" for path in reports(crash_folder())]
    return _row("files", str(settings_file()), notes=[f"log: {log_file()}", *crashed, *app.settings.problems])


def as_text(rows: list[Row]) -> str:
    """The report for people."""
    lines = []
    for row in rows:
        lines.append(f"{row['part']}: {row['chosen']}")
        lines += [f"    not {name}: {why}" for name, why in row["refused"]]
        lines += [f"    {note}" for note in row["notes"]]
    return "\n".join(lines)
