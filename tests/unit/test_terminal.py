"""What is meant of a terminal's screen."""

from __future__ import annotations

import pytest

from reader.capture.terminal import last_output

_SCREENS = {
    "the last command's output": (
        "me@host:~$ echo one\none\nme@host:~$ ls\na.txt\nb.txt\nme@host:~$ ",
        "a.txt\nb.txt",
    ),
    "in another folder": ("me@host:~$ cd src && ls\nmain.c\nme@host:~/src$ ", "main.c"),
    "while the next one is typed": ("me@host:~$ ls\na.txt\nme@host:~$ make al", "a.txt"),
    "of root": ("# id\nuid=0(root)\n# ", "uid=0(root)"),
    "of another shell": ("❯ pwd\n/home/me\n❯ ", "/home/me"),
    "with signs in it": ("me@host:~$ price\nIt costs 5 $ now.\nme@host:~$ ", "It costs 5 $ now."),
    "none yet: the screen": ("Welcome.\nme@host:~$ ", "Welcome.\nme@host:~$"),
    "one that printed nothing: the screen": ("$ true\n$ ", "$ true\n$"),
    "no prompt: the screen": ("  PID TTY\n 1234 pts/0  ", "PID TTY\n 1234 pts/0"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("screen", "expected"), _SCREENS.values(), ids=_SCREENS)
def test_is_read(screen: str, expected: str) -> None:
    assert last_output(screen, len(screen)) == expected
