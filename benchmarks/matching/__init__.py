"""How good and how fast the matching of files is."""
