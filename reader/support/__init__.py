"""Helpers that any package may use: safe reading of small files, text from outside, and the like."""
