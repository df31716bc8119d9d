"""Stage 5: takes AudioChunks, gives sound and the events of its being heard.

`track.py` turns the voices' sound into one stream of frames at the device's rate (with `stretch.py`
for speeds a voice does not reach), `player.py` keeps a device just ahead of the ear and knows what was
heard, `base.py` is the device's interface, `choose.py` picks one. The sound device itself is in a child
process: `process.py` here, `sound_worker.py`, `portaudio_worker.py` and `ring.py` there.
"""
