"""The household of ``tocsin up``: who lives in it, who keeps it alive, what it says, and how it greets."""
