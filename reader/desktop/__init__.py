"""What Harken does with the rest of the desktop while it reads, and how it comes up with the desktop.

`base.py` has an interface for each concern, `choose.py` picks what fulfils it here, `reading_follower.py` follows a
reading.
"""
