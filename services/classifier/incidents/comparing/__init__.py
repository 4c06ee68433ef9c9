"""What two reports are compared by: their words, sides, places, and the heading that each goes under.

Each file answers one small question of two plain values; what the answers prove is weighed in ``matching``.
"""
