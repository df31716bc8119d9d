"""The settings window, made from reader/settings/schema.py.

`window.py` is the window with its search (`search.py`), `page.py` a page of it, `pages.py` knows how each page is made.
`fields.py` makes what changes a setting of each kind: `field.py` is what they share, `chord_field.py` records hotkeys,
`pick_fields.py` opens `chooser.py` for voices and languages. `hear.py` is “Hear it”.
"""
