"""Packages that every signatory accepts, and the fair compromises among them."""
