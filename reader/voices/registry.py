"""Lists every engine and every service, once. To add one, add a row here and the files it names.

Whatever needs to know about engines looks here: the command line, the chooser and the menu, the privacy page, the
doctor, start-up and packaging. It imports no engine, so looking is free. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from reader.support.i18n import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service on a network that receives the text and speaks it.

    `name` is used for its settings ("polly.region"), its page in the settings window and "doctor --polly"; `title` and
    `company` are for users, marked for translation. `module` has `make(context)`, which makes a `Service`
    (service.py). `needs_account`: it is called with the keys of an AWS account, and bills what it speaks.
    `region_setting` names the setting for where the speech is made; "" if there is no choice.
    `address_setting`: it is a server that the user has chosen, perhaps on this computer; this setting has its address.
    `keeps_key`: the user may give Harken a key for it, stored in the keyring under the service's English title.
    """

    name: str
    title: str
    company: str
    module: str
    needs_account: bool = False
    region_setting: str = ""
    address_setting: str = ""
    keeps_key: bool = False


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """One way of making speech.

    `name` is the first part of its voices' ids; `title` is for users, marked for translation. `speeds` are the slowest
    and the fastest that its voices reach by themselves, as factors of their normal pace. A local engine has a `module`
    with `make(entry)`, which makes an `Engine`; an engine on a network is made by its `service`. `any_voice` is what
    users see as the choice of whichever of its voices speaks a text's language, marked for translation; "" if that
    can't be chosen. A voice named without an engine belongs to the one that `is_usual`.
    """

    name: str
    title: str
    speeds: tuple[float, float]
    module: str = ""
    service: ServiceEntry | None = None
    any_voice: str = ""
    is_usual: bool = False


POLLY = ServiceEntry(
    "polly",
    QT_TRANSLATE_NOOP("reader", "Amazon Polly"),
    QT_TRANSLATE_NOOP("reader", "Amazon"),
    "reader.voices.polly.polly",
    needs_account=True,
    region_setting="polly.region",
)

SERVER = ServiceEntry(
    "server",
    QT_TRANSLATE_NOOP("reader", "Speech server"),
    QT_TRANSLATE_NOOP("reader", "your speech server"),
    "reader.voices.server.server",
    address_setting="server.url",
    keeps_key=True,
)

# In the order in which they are tried for a text: the neural voice speaks English; voices in Piper's format speak what
# the user has added; eSpeak NG speaks everything else, and stands in when another engine fails. Speeds: the neural
# voice's are from its documentation, those of added voices are ours, eSpeak's are 80 to 450 words a minute relative to
# 175. Amazon Polly's generative voices take no markup for speed, so the player stretches.
ENGINES: tuple[EngineEntry, ...] = (
    EngineEntry(
        "neural", QT_TRANSLATE_NOOP("reader", "natural, on this computer"), (0.5, 2.0), "reader.voices.local.neural"
    ),
    EngineEntry("piper", QT_TRANSLATE_NOOP("reader", "Piper"), (0.5, 2.0), "reader.voices.piper.piper"),
    EngineEntry(
        "espeak",
        QT_TRANSLATE_NOOP("reader", "eSpeak NG"),
        (80 / 175, 450 / 175),
        "reader.voices.local.espeak",
        any_voice=QT_TRANSLATE_NOOP("reader", "eSpeak NG, in the text's language (clear when very fast)"),
        is_usual=True,
    ),
    EngineEntry("polly", QT_TRANSLATE_NOOP("reader", "Amazon Polly, generative"), (1.0, 1.0), service=POLLY),
    EngineEntry(
        "polly-sentences", QT_TRANSLATE_NOOP("reader", "Amazon Polly, not generative"), (1.0, 1.0), service=POLLY
    ),
    EngineEntry(
        "server",
        QT_TRANSLATE_NOOP("reader", "Speech server"),
        (1.0, 1.0),
        service=SERVER,
        any_voice=QT_TRANSLATE_NOOP("reader", "Speech server, the voice in the settings"),
    ),
)


def names() -> tuple[str, ...]:
    """The engines' names."""
    return tuple(entry.name for entry in ENGINES)


def engine_of(voice_id: str) -> EngineEntry | None:
    """The engine of a voice id, or of "engine/"; None if there is no such engine."""
    name = voice_id.partition("/")[0]
    return next((entry for entry in ENGINES if entry.name == name), None)


def service_of(voice_id: str) -> ServiceEntry | None:
    """The service that receives the text; None for a voice on this computer."""
    engine = engine_of(voice_id)
    return engine.service if engine else None


def is_remote(voice_id: str) -> bool:
    """Whether this voice's text leaves this computer."""
    return service_of(voice_id) is not None


def local() -> tuple[EngineEntry, ...]:
    """The engines on this computer."""
    return tuple(entry for entry in ENGINES if entry.service is None)


def services() -> tuple[ServiceEntry, ...]:
    """The services."""
    return tuple(dict.fromkeys(entry.service for entry in ENGINES if entry.service))


def engines_of(service: ServiceEntry) -> frozenset[str]:
    """The names of a service's engines."""
    return frozenset(entry.name for entry in ENGINES if entry.service == service)


def modules() -> tuple[str, ...]:
    """The modules that rows import by name."""
    return (*(entry.module for entry in local()), *(entry.module for entry in services()))


def usual() -> str:
    """The engine of voices that are named without one."""
    return next(entry.name for entry in ENGINES if entry.is_usual)
