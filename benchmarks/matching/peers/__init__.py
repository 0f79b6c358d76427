"""What others find in the same records."""
