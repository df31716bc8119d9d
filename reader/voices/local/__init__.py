"""The voices on this computer: no account, no network, nothing to download.

`engine.py` is Harken's side and serves both; `neural_worker.py` and `espeak_worker.py` each run in a process of
their own, and `neural_text.py` prepares text for the neural voice.
"""
