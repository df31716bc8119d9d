"""Voices in Piper's format, on this computer: nets (ONNX) with a description (JSON), which the user has added.

`net.py` reads and writes nets, `cut.py` finds where they can be cut, `attention.py` makes them cheaper, and
`description.py` is the JSON. `folder.py` has the added voices and `facts.py` what is known about each,
`installation.py` adds them, and `piper.py` is the engine. The rest runs in child processes.
"""
