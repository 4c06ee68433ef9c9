"""Deeds in, coded events out: each told once, with all its fields."""
