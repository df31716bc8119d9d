"""Stage 3: takes the captured text, gives Segments. Pure: no I/O but its tables, no clock, no threads.

Order of use: `segment.py` walks the text that is in `arrived.py` and asks `layout.py` which line ends are meant,
`markup.py` (with `latex.py`) to remove markup, `clean.py` to make a block readable, `language.py` (with
`likeness.py`) which language it is in, `sentences.py` where sentences end, and `pieces.py` where to cut a long one.
`script.py` decides what a voice can say, `spoken/` spells out what it could misread, `traced.py` finds the original.
"""
