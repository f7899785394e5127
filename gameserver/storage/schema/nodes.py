"""The nodes that share a database, and when each was last heard of."""

import sqlalchemy as sa

from gameserver.storage.schema.metadata import metadata

nodes = sa.Table(
    "nodes",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # By the database's own clock, so that those of the nodes need not agree. Milliseconds since 1970.
    sa.Column("heard_ms", sa.BigInteger, nullable=False),
)
