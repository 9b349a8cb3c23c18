"""The proof of a verdict: every term of its results with what it came to and what that rests on; and what is read from
it."""
