"""Probabilistic record linkage (Fellegi & Sunter 1969): columns, blocking rules, comparisons, training, clusters. Pure."""
