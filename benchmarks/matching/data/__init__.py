"""Records that are made, with the truth: each generator is a seeded function of how many and how bad."""
