"""The frozen program as the voice of others: what `harken speechd install` has made speaks."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import IO

from tests.packaging.conftest import BUILD

HARKEN = BUILD / "bundle/harken/harken"


def test_what_is_installed_speaks(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "HARKEN_AUDIO": "none"}
    subprocess.run([str(HARKEN), "speechd", "install"], env=env, check=True, timeout=90)
    script = tmp_path / ".local/libexec/speech-dispatcher-modules/sd_harken"
    assert f"exec {HARKEN} speechd module\n" in script.read_text()
    # As speech-dispatcher starts it, but for a name of a configuration file, which it is given and does not read.
    command = [str(script), "harken.conf"]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as module:
        assert module.stdin
        assert module.stdout
        assert ask(module.stdin, module.stdout, "INIT", "299 OK")
        assert ask(module.stdin, module.stdout, "LIST VOICES", "200 OK")[:-1]  # of what is ready first
        voices = ask(module.stdin, module.stdout, "LIST VOICES", "200 OK")
        assert any(line.startswith("200-Heart\ten\t") for line in voices)
        assert any(line.startswith("200-German\tde\t") for line in voices)
        said = ask(module.stdin, module.stdout, 'SPEAK\n<speak>Hello.<mark name="there"/></speak>\n.', "702")
        assert said[-3:] == ["700-there", "700 INDEX MARK", "702 END"]
        assert ask(module.stdin, module.stdout, "QUIT", "210")
        assert module.wait(60) == 0


def ask(commands: IO[bytes], answers: IO[bytes], command: str, last: str) -> list[str]:
    """Send a command, and return all that is answered until a line begins with `last`."""
    commands.write(f"{command}\n".encode())
    commands.flush()
    lines = [""]
    while not lines[-1].startswith(last):
        line = answers.readline()
        assert line, lines
        lines.append(line.decode().rstrip("\n"))
    return lines[1:]
