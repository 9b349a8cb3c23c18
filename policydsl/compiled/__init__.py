"""Python generated from the core program, for what is known; what it cannot decide is left to the reference.

``forms`` and ``lists`` write a straight line of code for each form, ``numbers`` the arithmetic, ``table`` the
operators; ``allowed`` holds the code against a list of what may occur in it; ``made`` is the code of a program,
and ``told`` tells the reference what that finds.
``docs/core.md`` says what each form means, ``evaluate/exact`` in Python.
"""
