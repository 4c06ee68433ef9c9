"""Reports in, what is best known of their incident out: whose voice each is, who counts what, what holds.

What a person corrected stands over all of it (``pins``).
"""
