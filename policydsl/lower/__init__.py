"""Checking and lowering: what the author wrote to the core program, with every problem of the file in one run."""
