#!/usr/bin/env python3
"""An output module for speech-dispatcher that makes no sound: it writes down what it was to say, and until when.

speech-dispatcher starts it and talks over its pipes ("Output modules" in its manual); it takes as long as a voice of
SPEED letters a second. Arguments: the file to write to (JSON lines, see `Said` in orca.py).
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from typing import TextIO

_LETTERS_A_SECOND = 60.0
_SETTINGS = {"AUDIO": "203 OK AUDIO INITIALIZED", "LOGLEVEL": "203 OK LOG LEVEL SET", "SET": "203 OK SETTINGS RECEIVED"}
_SPOKEN = ("SPEAK", "CHAR", "KEY", "SOUND_ICON")


class Voice:
    """Says one thing at a time."""

    def __init__(self, log: TextIO) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def write(self, **fields: object) -> None:
        with self._lock:
            self._log.write(json.dumps({"at_s": time.monotonic(), **fields}) + "\n")
            self._log.flush()

    def reply(self, line: str) -> None:
        with self._lock:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def speak(self, text: str) -> None:
        self._stopped = stopped = threading.Event()
        self.reply("200 OK SPEAKING")
        self.write(event="say", text=text)

        def last() -> None:
            self.reply("701 BEGIN")
            was_stopped = stopped.wait(len(text) / _LETTERS_A_SECOND)
            self.write(event="stop" if was_stopped else "end", text=text)
            self.reply("703 STOP" if was_stopped else "702 END")

        threading.Thread(target=last, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()


def _lines_until_dot() -> str:
    lines = []
    for line in sys.stdin:
        if line.rstrip("\n") == ".":
            break
        lines.append(line.rstrip("\n"))
    return "\n".join(lines)


def main() -> None:
    with open(sys.argv[1], "a", encoding="utf-8") as log:
        voice = Voice(log)
        for line in sys.stdin:
            command = line.strip()
            if command == "INIT":
                voice.reply("299-writes down what it says\n299 OK LOADED SUCCESSFULLY")
            elif command in _SETTINGS:
                voice.reply("207 OK RECEIVING SETTINGS" if command != "SET" else "203 OK RECEIVING SETTINGS")
                _lines_until_dot()
                voice.reply(_SETTINGS[command])
            elif command == "LIST VOICES":
                voice.reply("200-logging\ten\tnone\n200 OK VOICE LIST SENT")
            elif command in _SPOKEN:
                voice.reply("202 OK RECEIVING MESSAGE")
                voice.speak(re.sub(r"<[^>]*>", "", _lines_until_dot()))
            elif command in ("STOP", "PAUSE"):
                voice.stop()
            elif command == "QUIT":
                voice.reply("210 OK QUIT")
                return
            elif command:
                voice.reply("300 ERR UNKNOWN COMMAND")


if __name__ == "__main__":
    main()
