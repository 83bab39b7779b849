"""The connection of one transaction, as every function of the store takes it first."""

from sqlalchemy import Connection

__all__ = ["Connection"]
