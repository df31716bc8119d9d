"""One Harken at a time, and commands to it: `protocol.py` is what is said, over a socket of the user's own.

`bus_interface.py` is the same for other programs over D-Bus, and `bus_server.py` its end of that.

`server.py` is the running instance's end, `client.py` the command line's. `base.py` is the interface of a kind of
socket, of which `choose.py` picks this system's: `unix.py` or `pipe.py`. `none.py` is for none.
"""
