"""The entry of every child process, see child.py: neural, espeak, decoder, audio, credentials or mixer.

Messages must be alone on standard output, so that is moved away first: a library that prints would break
the pipe. A child ends when its input does, so none outlives Harken.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from reader.support import core_dumps
from reader.workers import sandbox

KINDS = ("neural", "espeak", "decoder", "audio", "credentials", "mixer")


def main(kind: str) -> int:
    """Run one child until its input ends. Returns the exit code."""
    core_dumps.forbid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    messages = os.dup(1)
    os.dup2(2, 1)
    if kind in sandbox.ISOLATED:
        sandbox.enter(sandbox.ISOLATED[kind])
    if kind == "neural":
        # Without it ONNX Runtime (since 1.31, also on Linux) notes an id of this computer and reports to its maker.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        from reader.voices.local.neural_worker import run
    elif kind == "espeak":
        from reader.voices.local.espeak_worker import run
    elif kind == "decoder":
        from reader.voices.polly.decode_worker import run
    elif kind == "audio":
        from reader.audio.portaudio_worker import run
    elif kind == "credentials":
        from reader.credentials.worker import run
    elif kind == "mixer":
        from reader.desktop.pulse_worker import run
    else:
        print(f"unknown worker {kind!r}", file=sys.stderr)
        return 2
    with contextlib.suppress(BrokenPipeError):  # Harken is gone
        run(0, messages)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
