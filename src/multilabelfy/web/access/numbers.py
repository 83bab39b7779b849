"""Numbers in addresses: one that no database row can have is answered with 404 before anything else, signed in or not.

Python refuses to read 5,000 digits as a number, and databases refuse 2^63: either would otherwise be an internal error.
"""

from starlette.convertors import IntegerConvertor, register_url_convertor


class RowNumber(IntegerConvertor):
    """What `:int` in a route's path stands for: at most nine digits."""

    regex = "[0-9]{1,9}"


register_url_convertor("int", RowNumber())
