"""Builds Harken, changes it while it runs, and answers commands. The only package that names concrete parts.

`app.py` assembles the core, `desktop.py` what it uses of the desktop (`bindings.py` the keys, `login.py` start at
login), `instance.py` adds the socket, on which `remote.py` answers. `from_settings.py` says what the settings ask of
each part, `apply.py` applies it. `events.py` passes on events, `record.py` records them, `loop.py` is the thread that
everything runs on. `doctor.py`, `advice.py`, `user_voices.py` and `polly.py` find things out; `standalone.py` does so
while no Harken runs. `pronunciation.py` keeps the user's list, `words.py` answers its page, and `first_time.py`
remembers what the user has been told once.
"""
