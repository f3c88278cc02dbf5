"""The search engine of this node behind a small port: tantivy where there is an index, else the database.

`port` says what an engine must answer, `wording` what somebody means by what was typed, `entries` and `indexer` how
the index follows the catalog, `reader` and `ranking` how it answers. The index finds candidates; what is shown is
always read from the database.
"""
