"""Detects whether a screen reader runs: `choose.py` picks this system's way."""
