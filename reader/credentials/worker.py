"""The child process: answers one question and ends.

    {"do": "find", "profile": …, "region": …, "source": …, "without_keyring": why the keyring is not asked, or "",
     "environment": variables to be set}
    {"do": "save", "access_key": …, "secret_key": …, "token": …}
    {"do": "forget", "entry": …}
    {"do": "kept", "entry": …}
    {"do": "key", "entry": …}
    {"do": "save-key", "entry": …, "key": …}
    {"do": "places"}

An `entry` is a name in the keyring: that of AWS's keys, or the title of another service.

Answers {"is": "at", "stage": …} at the start of each step that may take a while, then {"is": "done", …} or
{"is": "refused", "kind": …, "code": …, "sentence": …}; texts for people are as in answers.py: Wording. It is silent:
what botocore or a program of the user's writes to standard error may contain keys, and is discarded.
"""

from __future__ import annotations

import getpass
import logging
import os
import signal
import sys
from dataclasses import asdict
from typing import Any, NoReturn

from reader import threads
from reader.credentials.answers import Found, RefusalError, Tell, Wording
from reader.workers.frames import read, write


def run(fd_in: int, fd_out: int) -> None:
    """Serve on these two file descriptors."""
    source = _own(fd_in)
    _be_quiet()
    question = read(source)
    if question is None:
        return
    threads.start(_end_with_harken, "end with Harken", source)
    write(fd_out, question.tag, _answer(question.json(), lambda stage: _tell(fd_out, question.tag, stage)))


def _tell(messages: int, tag: int, stage: str) -> None:
    write(messages, tag, {"is": "at", "stage": stage})


def _own(source: int) -> int:
    """Hide the pipe from programs started here, which would read our messages from it."""
    own = os.dup(source)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, source)
    os.close(nothing)
    return own


def _be_quiet() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    for output in (1, 2):
        os.dup2(nothing, output)
    os.close(nothing)
    logging.disable()


def _end_with_harken(source: int) -> None:
    """Exit at once, with every program started here, when the pipe closes."""
    while read(source) is not None:
        pass
    if sys.platform == "win32":
        os._exit(1)
    os.killpg(0, signal.SIGKILL)  # our own process group: see Child.start


def _answer(question: dict[str, Any], tell: Tell) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    try:
        return {"is": "done", **_do(question, tell, rows), "sources": rows}
    except RefusalError as error:
        return {
            "is": "refused",
            "kind": error.kind,
            "code": error.code,
            "sentence": error.sentence,
            "sources": rows,
        }


def _do(question: dict[str, Any], tell: Tell, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Raises RefusalError."""
    if question["do"] == "find":
        return {"account": _find(question, tell, rows)}
    if question["do"] == "places":
        from reader.credentials.places import places

        tell("search")
        return asdict(places())
    from reader.credentials import keyring_store

    tell("keyring")
    if question["do"] == "save":
        keyring_store.save(question["access_key"], question["secret_key"], question["token"], tell)
        return {}
    if question["do"] == "save-key":
        keyring_store.save_key(question["entry"], question["key"], tell)
        return {}
    if question["do"] == "key":
        return {"key": keyring_store.read_key(question["entry"], tell)}
    if question["do"] == "forget":
        return {"had_keys": keyring_store.forget(tell, question["entry"])}
    kept, why = keyring_store.kept(question["entry"])
    return {**asdict(kept), "why": why}


def _find(question: dict[str, Any], tell: Tell, rows: list[dict[str, Any]]) -> dict[str, Any]:
    getpass.getpass = _no_terminal  # before botocore imports it
    from reader.credentials.chain import Search, Wanted

    def look_in_keyring() -> Found | Wording:
        if why := question["without_keyring"]:
            return Wording(*why)
        from reader.credentials import keyring_store

        tell("keyring")
        answer = keyring_store.read(tell)
        tell("search")
        return answer

    tell("search")
    os.environ.update(question["environment"])
    wanted = Wanted(question["profile"], question["region"], question["source"])
    return Search(wanted, look_in_keyring, rows).run()


def _no_terminal(*_: object, **__: object) -> NoReturn:
    """Replaces an unexpected prompt on Harken's terminal."""
    from reader.credentials.refusals import MfaWantedError

    raise MfaWantedError
