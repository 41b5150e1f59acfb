"""What is the same: exactly, nearly, or another version of it. Pure functions."""
