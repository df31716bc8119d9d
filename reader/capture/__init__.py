"""Stage 2: turns the user's request into CapturedText.

`base.py` is the interface of a place where text is found, and the rule that tells a current selection from an old one.
`capture.py` asks the places in order; `choose.py` has a row for each: `x11.py` (selection and clipboard), `atspi.py`
(the focused text); `none.py` stands in if there is none.
"""
