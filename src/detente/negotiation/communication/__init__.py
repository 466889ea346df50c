"""Who can talk to whom, what a channel is worth, and what a signal survives."""
