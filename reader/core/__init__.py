"""Builds Harken, changes it while it runs, and answers for it. The only room that names concrete parts.

`app.py` puts the core together, `desktop.py` what it has of the desktop (`bindings.py` the keys, `login.py` start at
login), `instance.py` adds the socket, on which `remote.py` answers. `from_settings.py` says what the settings ask of
each part, `apply.py` has it followed. `events.py` says who is told what happens, `record.py` writes it down, `loop.py`
is the thread it all runs on. `doctor.py`, `advice.py`, `user_voices.py` and `polly.py` find things out;
`standalone.py` does so where no Harken runs.
"""
