"""The house rules that a machine can check: `python -m tools.house`. One file per family of rules, each with a test.

A rule is a function that takes a `Source` (one file, parsed once) or the whole `House` and yields `Finding`s.
Exceptions that were accepted are written in ratchets.toml and may only shrink.
"""
