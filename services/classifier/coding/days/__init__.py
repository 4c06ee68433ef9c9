"""A sentence and the day of publication in, the days that it tells of out."""
