"""Which records are worth comparing with one that changed, and what comes of it: matching as records arrive."""
