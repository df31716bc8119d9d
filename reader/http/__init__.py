"""Reaches any service over HTTP/2 or HTTP/1.1. h2_protocol.py and h2_frames.py have no sockets, tasks or clocks."""
