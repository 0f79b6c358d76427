"""What makes two values the same: normalisation and comparison. Pure: no database, no files, no clock."""
