"""Speaks to a Wayland compositor: `wire.py` is the protocol without a socket, `connection.py` has one."""
