"""A voice for every program that speaks through speech-dispatcher, such as Orca: an output module for it.

speech-dispatcher starts `harken speechd module` and talks to it over its pipes; voices, text stage and session are
Harken's own, in that process. `protocol.py` is the conversation; `markup.py`, `symbols.py` and `wording.py` turn a
message into words, `speaker.py` speaks them, `module.py` answers. `reader/desktop/speech_dispatcher.py` installs the
module where speech-dispatcher looks for it.
"""
