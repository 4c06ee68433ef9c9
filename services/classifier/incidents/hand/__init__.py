"""What people do to incidents (merge, split, correct, retract), and how they type it (ADR 0015)."""
