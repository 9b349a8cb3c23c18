"""The policy as a handbook that a partner can read: the author's order and words, every item with its clause."""

from policydsl.handbook.make import handbook

__all__ = ["handbook"]
