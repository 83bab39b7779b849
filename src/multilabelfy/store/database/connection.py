"""The connection of one transaction: the first argument of every function of the store."""

from sqlalchemy import Connection

__all__ = ["Connection"]
