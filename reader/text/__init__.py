"""Stage 3: takes the captured text, gives Segments. Pure: no I/O but its tables, no clock, no threads.

Order of use: `segment.py` walks the text that is in `arrived.py` and asks `pages.py` what only a printed page has,
`layout.py` which line ends are meant, `markup.py` (with `latex.py`) to remove markup, `chosen.py` (with `addresses.py`)
for what the user chose to hear (`choices.py`), `clean.py` to make a block readable, `language.py` (with `likeness.py`,
`vocabulary.py`, `frequent_words.py`, `letters.py` and `names.py`) which language it is in, `sentences.py` where
sentences end, and `pieces.py` where to cut a long one. `script.py` decides what a voice can say, `pronunciations.py`
applies the user's list, `spoken/` spells out what a voice could misread. `traced.py` finds the original, `left_out.py`
tells what is missing, and `loading.py` has ready what is read from files.
"""
