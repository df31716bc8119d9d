"""What voices on a network share: sentence by sentence, formats of sound, and rests after failures."""
