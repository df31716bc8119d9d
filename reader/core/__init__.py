"""Builds Harken, changes it while it runs, and answers commands. The only package that names concrete parts.

`app.py` puts the core together, `desktop.py` what it has of the desktop (`bindings.py` the keys, `login.py` start at
login), `instance.py` adds the socket, on which `remote.py` answers. `from_settings.py` says what the settings ask of
each part, `apply.py` has it followed. `events.py` passes on what happens, `record.py` records it, `loop.py`
is the thread it all runs on. `doctor.py`, `advice.py`, `user_voices.py` and `polly.py` find things out;
`standalone.py` does so where no Harken runs. `pronunciation.py` keeps the user's list, `words.py` answers its page, and
`first_time.py` remembers what was told once.
"""
