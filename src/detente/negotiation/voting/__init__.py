"""Rules by which blocs decide, who can block when, and how much power each member has."""
