"""Figures of an answer: frames of numbers with units, the rows that they have, and their bands."""
