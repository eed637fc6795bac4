"""Brings an older workspace database up to date: one file a step in ``versions``, run by Alembic at open."""
