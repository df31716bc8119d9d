"""Voices in Piper's format, on this computer: a net (ONNX) and its description (JSON), which the user has added.

`net.py` reads and writes nets, `cut.py` finds where they may be cut, `description.py` is the JSON. `folder.py` has
those that were added, and `piper.py` is the engine. The rest runs in child processes.
"""
