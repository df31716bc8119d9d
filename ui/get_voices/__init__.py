"""“Get more voices”: natural voices that can be downloaded, heard and removed, and those that the user has as files.

`rows.py` is what the list shows, `window.py` the window.
"""
