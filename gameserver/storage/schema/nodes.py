"""The nodes that share a database, and when each was last heard of."""

import sqlalchemy as sa

from gameserver.storage.schema.metadata import metadata

nodes = sa.Table(
    "nodes",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # By the database's own clock, so that those of the nodes need not agree. Milliseconds since 1970.
    sa.Column("heard_ms", sa.BigInteger, nullable=False),
    # What `gameserver nodes` shows: the machine and the number of the process, what runs there, who is there.
    sa.Column("process", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("started_ms", sa.BigInteger, nullable=False),
    sa.Column("sessions", sa.Integer, nullable=False),
    # 1: it is to let nobody in any more, hand over what it has, and end.
    sa.Column("draining", sa.SmallInteger, nullable=False, server_default="0"),
)
