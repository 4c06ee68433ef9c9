"""``tocsin up --demo``: an invented minute of news, played through the real house on this machine alone.

Everything between the feeds and the receivers is what runs in earnest; only the news, the outlets and the two
receivers are made up. It reads no settings, keeps nothing, and reaches nothing outside the machine.
"""
