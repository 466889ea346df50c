"""Draws over what is not known: how likely an answer is, and which parameter turns it."""
