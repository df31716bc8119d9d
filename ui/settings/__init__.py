"""The settings window, built from reader/settings/schema.py.

`window.py` is the window with its search (`search.py`), `page.py` a page of it, `pages.py` knows how to make each page.
`fields.py` makes the field for each kind of setting: `field.py` is what they share, `chord_field.py` records hotkeys,
`pick_fields.py` opens `chooser.py` for voices and languages. `hear.py` is “Hear it”.
"""
