// Who has a match key that is unused is looked for before all records are matched anew.

CREATE INDEX has_match_key_unused IF NOT EXISTS FOR ()-[has:HAS_MATCH_KEY]-() ON (has.unused);
