"""What the user has chosen. `schema.py` has each setting once, `store.py` the file, `paths.py` the places."""
