"""Orders of steps that enforce themselves, and why exchanges go in small steps."""
