"""Child processes for code that must not hold up or crash the main program.

A neural voice computes for tens of milliseconds at a time, a voice library may crash, and PortAudio may wait forever
for a sound server that is gone. Each runs in its own process, whose module and rights are given by a `Worker`
(`worker.py`), talks in frames over its standard input and output (`frames.py`), and can be killed and restarted
(`child.py`) without losing a word.
"""
