"""Draws over every parameter that has a range: what is drawn, where, and what comes of it."""
