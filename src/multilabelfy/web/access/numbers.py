"""Numbers in addresses: one that no row of a database can have is not found, before anything else is asked, signed in or not.

Python refuses to read 5,000 digits as a number, and databases numbers of 2^63: both would be errors of ours.
"""

from starlette.convertors import IntegerConvertor, register_url_convertor


class RowNumber(IntegerConvertor):
    """What `:int` in a route's path stands for: at most nine digits."""

    regex = "[0-9]{1,9}"


register_url_convertor("int", RowNumber())
