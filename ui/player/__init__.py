"""The player: the text as it is read, and the bar that steers the reading.

`window.py` puts bar and text together; `view.py` shows the text, `shown_text.py` knows which character of it is where.
"""
