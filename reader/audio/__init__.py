"""Stage 5: plays AudioChunks, and reports what is heard.

`track.py` turns the voices' sound into one stream of frames at the device's rate (with `stretch.py` for speeds that a
voice does not reach), `player.py` keeps a device supplied just ahead of the ear and knows what was heard, `base.py` is
the device's interface, `choose.py` picks one. The sound device itself is in a child process: `process.py` is this
side, `sound_worker.py`, `portaudio_worker.py` and `ring.py` the other.
"""
