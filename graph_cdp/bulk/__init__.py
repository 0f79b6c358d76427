"""Matching whole files, without a database: read by DuckDB, decided by `matching`, written as CSV."""
