"""Child processes: what must not be held up by this program, or must not take it down.

A neural voice works for tens of milliseconds at a time, a voice library may crash, and PortAudio may wait
forever for a sound server that is gone. Each lives in its own process, whose module and rights a `Worker` (`worker.py`)
names, talks in frames over its standard input and output (`frames.py`), and can be ended and started
again (`child.py`) without a word being lost.
"""
