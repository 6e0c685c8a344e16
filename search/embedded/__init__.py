"""The embedded engine: Elasticsearch's REST interface, in process, on tantivy (内嵌检索引擎).

``EmbeddedNode`` is handed to the Elasticsearch client as its node class. It answers the part of
the interface that the portal uses and says 400 with the clause's name to everything else.

Each index is a folder with two things in it. ``documents.sqlite3`` is the truth: a write is
acknowledged once SQLite has committed it, with its version, so nothing acknowledged is lost to a
kill at any moment. The tantivy index beside it is derived: applying the rows after the last
applied sequence number is idempotent, may be done by any process, and a damaged tantivy folder is
built anew from the rows. One process applies at a time (file lock); any number read.
"""

from .node import EmbeddedNode

__all__ = ["EmbeddedNode"]
