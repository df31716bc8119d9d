"""Stage 3: takes the captured text, gives Segments. Pure: no I/O, no clock, no threads.

Order of use: `segment.py` walks the text that is in `arrived.py` and asks `layout.py` which line ends are meant,
`clean.py` to make a block readable, `language.py` (and that `likeness.py`) which language it is in, and `pieces.py`
where to cut a long sentence. `script.py` tells voices what they can say.
"""
