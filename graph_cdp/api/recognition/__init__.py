"""Recognising a visitor from the first page, across the domains of a network."""
