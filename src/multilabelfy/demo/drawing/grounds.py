"""Paint the ground that a scene plays on, by its setting."""

import numpy as np
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.demo.catalogue import Setting
from multilabelfy.demo.drawing import indoors, outdoors
from multilabelfy.demo.drawing.painting import lit

PAINTERS = {
    Setting.DESK: indoors.desk,
    Setting.KITCHEN: indoors.kitchen,
    Setting.ROOM: indoors.room,
    Setting.STREET: outdoors.street,
    Setting.MEADOW: outdoors.meadow,
    Setting.SEA: outdoors.sea,
    Setting.REEF: outdoors.reef,
    Setting.SKY: outdoors.air,
}


def ground(setting: Setting, width: int, height: int, horizon: float, rng: np.random.Generator) -> Picture:
    """A painted ground, RGB, `width` × `height` pixels, whose horizon is this share of the height below the top.

    It is painted at half the size and enlarged: a ground is a little out of focus, as behind a subject, and costs a quarter.
    """
    rows, columns = height // 2, width // 2
    canvas = PAINTERS[setting](rng, rows, columns, round(rows * horizon))
    lit(canvas, rng.normal(0.0, 1.0, (rows, columns)).astype(np.float32), 0.012)
    pixels = (np.clip(canvas, 0.0, 1.0) * 255).astype(np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
