"""A voice for every program that speaks through speech-dispatcher, such as Orca: an output module for it.

speech-dispatcher starts `harken speechd module` and talks over its pipes; voices, text stage and session are Harken's
own, in that process. `protocol.py` is the conversation, `markup.py`, `symbols.py` and `wording.py` what a message comes
to, `speaker.py` speaks it, `module.py` answers. `reader/desktop/speech_dispatcher.py` puts it where speech-dispatcher
looks for it.
"""
