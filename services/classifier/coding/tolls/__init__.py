"""A sentence in, the counts of people that something befell out."""
