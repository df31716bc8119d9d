"""The player: the text as it is read, and the bar that controls the reading.

`window.py` combines bar and text; `view.py` shows the text, `shown_text.py` maps its characters to the document's.
"""
