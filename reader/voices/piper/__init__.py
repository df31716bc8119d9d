"""Voices in Piper's format, on this computer: nets (ONNX) with a description (JSON), which the user has added.

`net.py` reads and writes nets, `cut.py` finds where they can be cut, and `description.py` is the JSON. `folder.py` has
the added voices, and `piper.py` is the engine. The rest runs in child processes.
"""
