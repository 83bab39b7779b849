"""How far the figures depend on choices: the specification curve that ends the chapter on the models."""

from multilabelfy.evaluation.choices.specifications import Unfinished, side_of, specifications
from multilabelfy.report.about_models.specification_curve import FEWEST, specification_curve_finding
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import SEED, Material


def told_of_choices(material: Material) -> list[Finding]:
    """Headline, gain and drop under other choices, if there are enough of them; models count where they saw all images."""
    saw_all = material.measured_on is None or len(material.measured_on) == len(material.labelled)
    models = material.models if saw_all else ()
    of, side = material.original, side_of(material.labelled, models, material.judged, material.subject.name, _unfinished(material))
    original = side_of(of.labelled, of.models, of.judged, of.subject.name) if of else None
    specified = specifications(side, original, seed=SEED)
    return [specification_curve_finding(specified, material.subject)] if len(specified) >= FEWEST else []


def _unfinished(material: Material) -> Unfinished | None:
    if material.progress is None or material.is_drawn is None or not material.progress.n_unfinished:
        return None
    return Unfinished(material.progress, material.is_drawn)
