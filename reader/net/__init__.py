"""The only sockets to the outside: `tls.py` reaches a host, `http2.py` and `http1.py` carry requests over it.

asyncio's protocols are used instead of a reader and a writer task a connection: what arrives is handled in the very
callback that received it, and what one turn of the loop sends leaves in one write.
"""
