"""Reads from a terminal's screen what the last command printed. Pure."""

from __future__ import annotations

import re

# A prompt ends with a sign, in any shell: “user@host:~$ ”, “# ”, “PS C:\> ”, “❯ ”.
_PROMPT = re.compile(r"[^\n]{0,120}?[$#%>❯➜λ»]\s")


def last_output(screen: str, caret_chars: int) -> str:
    """The text between the last two prompts; the whole screen if none is recognised."""
    begin = screen.rfind("\n", 0, caret_chars) + 1
    prompt = _PROMPT.match(screen, begin)
    if not prompt:
        return screen.strip()
    who = re.split("[:~/ ]", prompt.group(), maxsplit=1)[0]  # the folder after it may differ
    sign = prompt.group().rstrip()[-1]
    lines = screen[:begin].removesuffix("\n").split("\n")
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].startswith(who) and (found := _PROMPT.match(f"{lines[number]} ")) and sign in found.group():
            output = "\n".join(lines[number + 1 :]).strip()
            return output or screen.strip()
    return screen.strip()
