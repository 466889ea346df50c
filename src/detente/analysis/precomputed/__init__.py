"""Precomputed answers of packaged cases: bands, draws of the negotiation, sanctions by design."""
