"""Tables and charts of every question, each module one concept with its words."""
