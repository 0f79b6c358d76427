"""Business rules by source: what a source must say, what is mended, what is flagged, as data."""
