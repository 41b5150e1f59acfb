"""The way of a request: who may be asked, how often, how much is taken, and what became of it."""
