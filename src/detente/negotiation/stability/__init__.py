"""Which states last, for whom and why: the graph model of conflicts with several concepts."""
