"""Figures of Amazon Polly's part, against the stand-in service on loopback: `python -m tests.bench.polly`."""
