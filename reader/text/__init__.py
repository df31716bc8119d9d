"""Stage 3: turns the captured text into Segments. Pure: no I/O except for its tables, no clock, no threads.

Order of use: `segment.py` walks the text held in `arrived.py`. It asks `pages.py` to find the furniture of printed
pages, `layout.py` which line ends are intended, `markup.py` (with `latex.py`) to remove markup, `chosen.py` (with
`addresses.py`) to apply what the user chose to hear (`choices.py`), `clean.py` to make a block readable,
`language.py` (with `likeness.py`, `vocabulary.py`, `frequent_words.py`, `letters.py` and `names.py`) to detect its
language, `sentences.py` where sentences end, and `pieces.py` where to cut a long one. `script.py` decides what a
voice can say, `pronunciations.py` applies the user's list, and `spoken/` spells out what a voice could misread.
`traced.py` maps results back to the original, `left_out.py` records what was skipped, and `loading.py` preloads what
is read from files.
"""
