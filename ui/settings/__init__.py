"""The settings window, made from reader/settings/schema.py.

`window.py` is the window with its search (`search.py`), `page.py` a page of it, `pages.py` which page is made how,
`fields.py` what changes a setting of each kind (`field.py` is what they share).
"""
