"""Candidate deeds: who did what to whom, whether it happened, and whether it is of our world."""
