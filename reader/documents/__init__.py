"""What files and streams hold: which kind it is, by its bytes, and of a text its characters."""
