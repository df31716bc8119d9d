"""Stage 2: takes the wish to hear something, gives CapturedText.

`base.py` is the interface of a place where text is found and the rule by which an old selection is told from one that
is meant, `capture.py` the order in which places are asked, `choose.py` has a row for each: `x11.py` (selection and
clipboard), `atspi.py` (the focused text); `none.py` stands in where there is none.
"""
