"""What every room may use: small files that may hold anything, and texts that come from outside."""
