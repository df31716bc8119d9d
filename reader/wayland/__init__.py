"""Talks to a Wayland compositor: `wire.py` is the protocol without I/O, `connection.py` adds the socket."""
