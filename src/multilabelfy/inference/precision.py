"""In which numbers a network calculates."""

from enum import StrEnum


class Precision(StrEnum):
    """The type of the numbers, by torch's name. All but float32 change lists, so that they are asked for, tried out and recorded."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


def is_exact(source: str) -> bool:
    """Whether the run of this name was calculated in float32: another precision ends its name.

    >>> is_exact("timm/resnet50@0a1b2c3d"), is_exact("timm/resnet50@bfloat16"), is_exact("clip:a/b@0a1b2c3d.5e0c1a77.float16")
    (True, False, False)
    """
    return not source.endswith((Precision.BFLOAT16, Precision.FLOAT16))
