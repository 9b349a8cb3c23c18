"""The language server: what an editor asks while a policy is being written.

``server`` speaks the protocol and does nothing else; every other module answers one kind of question about a
``snapshot`` (one text, read once). ``lsprotocol`` and ``pygls`` are needed here and nowhere else.
"""
