"""What every AWS service has in common: the event-stream encoding and signatures. Bytes and the time in, bytes out."""
