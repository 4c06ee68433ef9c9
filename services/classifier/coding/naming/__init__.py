"""A sentence in, what it names out: sides, people, places, arms."""
