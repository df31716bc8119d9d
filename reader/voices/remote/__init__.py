"""What voices on a network share: speaking sentence by sentence, audio formats, and backing off after failures."""
