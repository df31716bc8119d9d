"""Voices that can be downloaded: the list of them, and how to install one. Nothing is fetched unless asked for.

`index.py` is the list. `web.py` asks a server, `download.py` downloads one file, and `getting.py` a whole voice, which
it then adds as if the user had the files. `elsewhere.py` finds voices that other programs have installed.
"""
