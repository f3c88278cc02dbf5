"""The one place for files that people hand in, such as pictures and imports: on disk, or in S3-compatible storage.

Not here: what can be made again (papers, the search index, static files), and what may be done with a file.
"""
