"""What files and streams contain: recognises the kind by its bytes, and turns it into text."""
