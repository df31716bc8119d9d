"""A single running Harken, and commands to it: `protocol.py` defines what is sent, over a socket of the user's own.

`bus_interface.py` offers the same to other programs over D-Bus, and `bus_server.py` serves it.

`server.py` is the running instance's end, `client.py` the command line's. `base.py` is the interface to a kind of
socket, and `choose.py` picks this system's: `unix.py` or `pipe.py`. `none.py` stands in for a missing one, or bus.
"""
