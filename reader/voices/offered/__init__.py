"""Voices that can be had: the list of them, and how one comes onto this computer. Nothing is fetched unless asked for.

`index.py` is the list. `web.py` asks a server, `download.py` has one file, `getting.py` a whole voice, which it then
adds as if the user had its files. `elsewhere.py` finds voices that other programs have put on this computer.
"""
