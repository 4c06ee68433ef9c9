"""How commands speak with a person at a terminal: help, completion, tables, progress, what a bad word is."""
