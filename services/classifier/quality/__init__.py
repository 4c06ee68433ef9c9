"""How good the coder is: labelled items, what is scored, and the page that says so."""
