"""A French retailer's year, generated: who lived, what they did, what was written down of it, and who is truly who."""
