"""Messages that were refused: kept with their reason, found, and settled."""
