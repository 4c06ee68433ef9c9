"""Whether an event and an incident are one thing: named features, a vote over them, the law that binds it."""
