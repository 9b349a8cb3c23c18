"""What a reader of a verdict wants first, as data: the key results and what they come to, by the questions that a
partner asks; what is missing, and who can give it. The terminal and the page of a partner write it.

A line is marked by what follows from it, never by being true or false: a fine in force is bad, one that is not is good
news, an unmet requirement is bad, a helper that fails is nothing.
"""

from policydsl.summary.make import summary
from policydsl.summary.model import ROOMS, Line, Mark, Room, Summary, Told, Want

__all__ = ["ROOMS", "Line", "Mark", "Room", "Summary", "Told", "Want", "summary"]
