"""“Get more voices”: natural voices to download, hear and remove, and those that the user has as files.

`rows.py` has the rows of the list, `window.py` the window.
"""
