"""The published vocabulary: a model for every kind of document, and all of them as JSON Schema."""
