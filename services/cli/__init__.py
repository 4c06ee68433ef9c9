"""Words typed in a terminal in, answers out: the front door above the services.

One file a command. A command reads its arguments, asks a room, and prints; it decides nothing itself.
"""
