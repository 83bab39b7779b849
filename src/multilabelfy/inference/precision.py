"""In which numbers a network calculates."""

from enum import StrEnum


class Precision(StrEnum):
    """The type of the numbers, by torch's name. All but float32 change lists, so that they are asked for, tried out and recorded."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"
