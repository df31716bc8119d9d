"""Web addresses. Pure."""

from __future__ import annotations

import re

# Top-level domains that mark a site's name when nothing else shows that it is one.
DOMAINS = "com|org|net|edu|gov|io|co|uk|de|fr|info|biz|us|ca|au|tv|me|dev|app|eu|ch|at|it|es|nl|pl|ru|jp|cn|int"
# Characters an address can't contain; brackets only in pairs. After the site, no letters of unspaced scripts either.
_NO = r"\s<>\"“”„«»()\u3000-\u303f\uff00-\uffef"
_NO_PATH = rf"{_NO}\u3040-\u30ff\u3400-\u9fff"
_END = r"(?<![.,;:!?\]}'’])"
_PATH = rf"(?:[^{_NO_PATH}]|\([^{_NO_PATH}]{{0,200}}\))+{_END}"
# Ignore case only for the letters: compiling the large sets case-insensitively would take 15 ms.
ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9])(?i:(?:https?|ftps?|sftp|ssh|git|wss?)://|www\.)"
    rf"(?:[^/{_NO}]*/{_PATH}|[^/{_NO}]+{_END}/?|\[[\da-fA-F:.]+\](?::\d+)?/?)"
    rf"|(?<![\w./@-])(?:[\w-]+\.)+(?i:{DOMAINS})/{_PATH}"
)
_HOST = re.compile(r"(?:\w+://)?(?:[^/@\s]*@)?(?:www\.)?(?P<host>\[[^\]]*\]|[^/:?#\s]+)", re.I)


def host(address: str) -> str:
    """The site's name, in lower case: in capitals it would look like the end of a sentence."""
    found = _HOST.match(address)
    return found["host"].lower() if found else address
