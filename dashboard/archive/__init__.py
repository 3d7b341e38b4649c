"""The archive: journal, tracks and what followed from them, as immutable Parquet parts; see docs/architecture.md.

`schema` says which tables there are, `facts` makes their rows. A part is written whole or not at all, under a name that
says which stretch of its stream it holds; streams are trimmed only behind that. The folder itself is the only truth.
"""
