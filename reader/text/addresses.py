"""Addresses of the web. Pure."""

from __future__ import annotations

import re

# What the name of a site ends with where nothing else tells that it is one.
DOMAINS = "com|org|net|edu|gov|io|co|uk|de|fr|info|biz|us|ca|au|tv|me|dev|app|eu|ch|at|it|es|nl|pl|ru|jp|cn|int"
# What an address does not hold; brackets only in pairs. Behind its site, nothing of a script without spaces either.
_NO = r"\s<>\"“”„«»()\u3000-\u303f\uff00-\uffef"
_NO_PATH = rf"{_NO}\u3040-\u30ff\u3400-\u9fff"
_END = r"(?<![.,;:!?\]}'’])"
_PATH = rf"(?:[^{_NO_PATH}]|\([^{_NO_PATH}]{{0,200}}\))+{_END}"
# Capitals count as small letters only where there are letters: for such large sets that would take 15 ms to make.
ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9])(?i:(?:https?|ftps?|sftp|ssh|git|wss?)://|www\.)"
    rf"(?:[^/{_NO}]*/{_PATH}|[^/{_NO}]+{_END}/?|\[[\da-fA-F:.]+\](?::\d+)?/?)"
    rf"|(?<![\w./@-])(?:[\w-]+\.)+(?i:{DOMAINS})/{_PATH}"
)
_HOST = re.compile(r"(?:\w+://)?(?:[^/@\s]*@)?(?:www\.)?(?P<host>\[[^\]]*\]|[^/:?#\s]+)", re.I)


def host(address: str) -> str:
    """The name of its site, in small letters: in capitals it would look like the end of a sentence."""
    found = _HOST.match(address)
    return found["host"].lower() if found else address
