"""What collection costs."""
