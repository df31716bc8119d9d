"""Stage 3: takes the captured text, gives Segments. Pure: no I/O but its tables, no clock, no threads.

Order of use: `segment.py` walks the text that is in `arrived.py` and asks `layout.py` which line ends are meant,
`markup.py` (and that `latex.py`) to take away marks, `clean.py` to make a block readable, `language.py` (and that
`likeness.py`) which language it is in, `sentences.py` where sentences end, and `pieces.py` where to cut a long one.
`script.py` tells voices what they can say, `spoken/` makes words of what they could misread; `traced.py` leads back.
"""
