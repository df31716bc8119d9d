"""Stage 2: takes the wish to hear something, gives CapturedText.

`base.py` is the interface of a place where text is found, `capture.py` the order in which the places are
asked, `choose.py` picks those of this desktop: `x11.py` (selection and clipboard), `atspi.py` (the focused
text), `none.py`.
"""
