"""Consent: what a person allows, by purpose, channel and contact point."""
