"""Draw a scene: its ground, each thing with its shadow or reflection from far to near, the light over all of it, and the blur."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps
from PIL.Image import Image as Picture

from multilabelfy.demo.catalogue import Pose, Setting
from multilabelfy.demo.drawing import indoors, outdoors
from multilabelfy.demo.drawing.composition import Composition, Light, Placement
from multilabelfy.demo.drawing.painting import lit
from multilabelfy.demo.drawing.sprites import corner, sprite

HAZE = {Setting.REEF: (0.45, (42, 120, 150)), Setting.SKY: (0.3, (200, 218, 230))}
FAINT_HAZE = (0.18, (190, 195, 200))
"""How much of the air's or the water's colour the farthest thing takes on."""
DRAUGHT = {"1F986": 0.24, "1FABF": 0.26}
"""How much of a swimming bird, which OpenMoji draws standing, is under water."""


def draw(composition: Composition) -> Picture:
    """The scene as an RGB picture; the same composition gives the same pixels."""
    rng = np.random.default_rng((*composition.seed, 3))
    picture = ground(composition.setting, composition.width, composition.height, composition.horizon, rng)
    for placement in composition.placements:
        _put(picture, placement, composition)
    picture = _lit(picture, composition.light, rng)
    if composition.smear:
        picture = picture.filter(ImageFilter.BoxBlur((composition.smear, 0)))
    return picture.filter(ImageFilter.GaussianBlur(composition.blur)) if composition.blur else picture


def _put(picture: Picture, placement: Placement, composition: Composition) -> None:
    drawing = _hazed(sprite(placement), placement, composition)
    left, top = corner(placement, drawing)
    at_sea = composition.setting is Setting.SEA and placement.thing.pose in (Pose.FLOATS, Pose.SWIMS)
    if at_sea:
        _reflection(picture, drawing, left, top)
        drawing = _wet(drawing, DRAUGHT.get(placement.thing.glyph, 0.14 if placement.thing.pose is Pose.SWIMS else 0.05))
    elif placement.thing.pose is Pose.LIES:
        _drop_shadow(picture, drawing, left, top, composition.light)
    elif placement.thing.pose in (Pose.STANDS, Pose.FLOATS):
        _cast_shadow(picture, drawing, left, top, composition.light)
        _contact(picture, drawing, left, top)
    picture.paste(drawing, (left, top), drawing)


def _hazed(drawing: Picture, placement: Placement, composition: Composition) -> Picture:
    """The farther, the more of the air's colour."""
    most, tone = HAZE.get(composition.setting, FAINT_HAZE)
    hazed = Image.blend(drawing, Image.new("RGBA", drawing.size, (*tone, 255)), most * placement.distance)
    hazed.putalpha(drawing.getchannel("A"))
    return hazed


def _wet(drawing: Picture, share: float) -> Picture:
    """The drawing with its lowest part fading into the water."""
    fade = np.clip((1 - np.linspace(0, 1, drawing.height)) / share - 0.35, 0, 1)
    alpha = np.asarray(drawing.getchannel("A"), dtype=np.float32) * fade[:, None].astype(np.float32)
    wet = drawing.copy()
    wet.putalpha(Image.fromarray(alpha.astype(np.uint8)))
    return wet


def _reflection(picture: Picture, drawing: Picture, left: int, top: int) -> None:
    mirrored = ImageOps.flip(drawing).resize((drawing.width, max(drawing.height // 2, 2)), Image.Resampling.BILINEAR)
    mirrored = mirrored.filter(ImageFilter.BoxBlur((4, 1)))
    mask = mirrored.getchannel("A").point(lambda value: value * 3 // 10)
    picture.paste(mirrored.convert("RGB"), (left, top + drawing.height - max(drawing.height // 20, 1)), mask)


def _drop_shadow(picture: Picture, drawing: Picture, left: int, top: int, light: Light) -> None:
    mask = _soft(ImageOps.expand(drawing.getchannel("A"), 8), 3.0, 0.45)
    picture.paste((20, 18, 22), (left - 8 - round(light.side * 4), top - 8 + 4), mask)


def _cast_shadow(picture: Picture, drawing: Picture, left: int, top: int, light: Light) -> None:
    """The outline, laid flat on the ground away from the light."""
    flat, lean = max(round(drawing.height * 0.34), 2), -light.side * 0.9
    reach = round(abs(lean) * drawing.height * 0.6) + 8
    canvas = Image.new("L", (drawing.width + 2 * reach, flat + 12))
    canvas.paste(drawing.getchannel("A").resize((drawing.width, flat), Image.Resampling.BILINEAR), (reach, 6))
    slope = lean * drawing.height * 0.6 / flat
    sheared = canvas.transform(canvas.size, Image.Transform.AFFINE, (1, slope, -slope * (flat + 6), 0, 1, 0), Image.Resampling.BILINEAR)
    mask = _soft(sheared, 2.0 + 3.0 * (1 - light.hardness), 0.6 * light.hardness)
    picture.paste((20, 18, 22), (left - reach, top + drawing.height - flat - 6 - 2), mask)


def _contact(picture: Picture, drawing: Picture, left: int, top: int) -> None:
    """The dark line where a thing meets the ground, under the part of it that stands there."""
    foot = drawing.getchannel("A").crop((0, drawing.height - max(drawing.height // 8, 1), drawing.width, drawing.height)).getbbox()
    if foot is None:
        return
    wide, tall = foot[2] - foot[0], max(drawing.height // 16, 3)
    canvas = Image.new("L", (wide + 24, tall + 24))
    ImageDraw.Draw(canvas).ellipse((10, 12, wide + 14, 12 + tall), fill=255)
    picture.paste((16, 14, 18), (left + foot[0] - 12, top + drawing.height - 12 - tall // 2 - 1), _soft(canvas, max(tall * 0.4, 2.0), 0.6))


def _soft(mask: Picture, radius: float, opacity: float) -> Picture:
    return mask.filter(ImageFilter.BoxBlur(radius)).filter(ImageFilter.BoxBlur(radius / 2)).point(lambda value: int(value * opacity))


def _lit(picture: Picture, light: Light, rng: np.random.Generator) -> Picture:
    """Multiply by the light's colour, brighter on its side, darker in the corners; add the grain of a dark picture."""
    y, x = np.mgrid[-1:1:24j, -1:1:24j]
    fall = 1.04 - 0.07 * (1 - x * light.side) - 0.06 * (x**2 + y**2)
    levels = np.clip(fall[:, :, None] * np.asarray(light.tint) * 255, 0, 255).astype(np.uint8)
    shaded = ImageChops.multiply(picture, Image.fromarray(levels).resize(picture.size, Image.Resampling.BILINEAR))
    if not light.grain:
        return shaded
    noisy = np.asarray(shaded, dtype=np.float32) + rng.normal(0, light.grain, (picture.height, picture.width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


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
