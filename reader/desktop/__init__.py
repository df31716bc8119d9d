"""How Harken works with the rest of the desktop while it reads, and how the desktop starts it.

`base.py` has an interface for each concern, `choose.py` picks the implementation for this system, and
`reading_follower.py` follows a reading.
"""
