"""What goes over the wire to Amazon Polly: bytes and the time in, bytes and events out. No sockets, tasks, clocks.

`eventstream.py` frames messages, `signing.py` signs requests and events, `http2.py` owns one connection, `events.py`
is the one operation on top, `faults.py` turns what the service reports into errors.
"""
