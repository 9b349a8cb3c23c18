"""Many parties from tables: a workbook or a folder of CSV files in, a workbook of results out.

``layout`` says which sheets and columns a policy asks for; ``grid`` what a cell may hold, read from workbooks by
``xlsx`` and from text by ``csvs``; ``gather`` sorts the rows by party, ``typed`` makes of a cell the characters that a
sheet has, and ``read`` the facts. ``judging`` judges, in several processes, and ``journal`` keeps what was
judged; ``told`` tells a verdict in rows, ``results`` puts the tables together, ``book`` writes them.
"""
