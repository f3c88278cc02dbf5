"""Benchmarks of the running product, over HTTP, with production settings: `make bench`.

Nothing here is a test. Each figure stands beside that of a bare page of the same server and beside pgbench on the same
database, measured in the same run, so that the ratios mean something on any machine.
"""
