"""Read the form of a protocol's values, with a message for each that is not valid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from multilabelfy.annotation.study.protocol import AnnotationProtocol, CandidateOrder, ExpertOrder, RefinementStyle
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.language.formatting import number
from multilabelfy.web.language.translation import gettext as _

SHARE = re.compile(r"\d{1,3}(\.\d{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberField:
    """A whole number in the form: its name, its texts, and its limits."""

    name: str
    title: str
    hint: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class ShareField:
    """A share of images in the form, or a chance, written in percent, kept from 0 to 1."""

    name: str
    title: str
    hint: str
    most: int = 100


@dataclass(frozen=True, slots=True)
class SwitchField:
    """A checkbox in the form."""

    name: str
    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A choice among a few values."""

    name: str
    title: str
    options: Mapping[str, str] = field(default_factory=dict)


NUMBERS = (
    NumberField("overlap", "Annotators per image", "How many people answer each image, without seeing each other’s answers.", 1, 20),
    NumberField(
        "overlap_cap",
        "Annotators per image, at most",
        "An image whose votes leave doubt is put before more people, up to this many. With 0 every image gets the number above.",
        0,
        20,
    ),
    NumberField("overlap_floor", "Annotators per image, at least", "Where there is a most: how many people see every image.", 0, 20),
    NumberField("n_candidates", "Candidates per image", "How many labels an annotator is shown for each image.", 1, 100),
    NumberField("group_size", "Labels in view", "How many of them are in view at a time; each has a key.", 1, 9),
    NumberField("n_practice", "Practice images", "How many images with known labels a new annotator gets first, with feedback.", 0, 100),
    NumberField("repeat_after", "Answers before a repeat", "How many answers lie between an image and its repeat, at least.", 1, 10_000),
    NumberField(
        "n_decoys", "Decoys", "Lower-ranked labels beside a given label that no model proposed, so that it does not stand out.", 0, 10
    ),
)
SHARES = (
    ShareField(
        "overlap_bound",
        "Wrong labels that are expected of an image, %",
        "With this many or fewer, an image has had enough. 20% is one wrong label in five images, by the posterior of the votes.",
    ),
    ShareField(
        "panel_share",
        "Images of the panel, %",
        "Drawn by seed. Whatever their votes say, they get the number “Annotators per image”, so that the headline stays right: "
        "elsewhere clear images are finished first.",
    ),
    ShareField(
        "two_expert_share",
        "Disputed images for two experts, %",
        "Drawn by seed. An image is decided when two experts agree; if they differ, a third is asked. "
        "How far experts agree is the ceiling for any labels. "
        "Needs three experts who did not annotate; with 0, one expert decides each image.",
    ),
    ShareField(
        "audit_share",
        "Agreed images for the audit, %",
        "Drawn by seed and shown to two experts among the disputed images, unmarked: "
        "this tells how often annotators agree on something wrong.",
    ),
    ShareField(
        "test_gold_share",
        "Test gold, %",
        "Share of images with known labels mixed in (percent), unmarked: they show how well people answer. Needs gold of this kind.",
    ),
    ShareField(
        "calibration_share",
        "Calibration gold, %",
        "The same with gold that is kept apart to measure each annotator’s errors. Needs gold of this kind.",
    ),
    ShareField(
        "repeat_share",
        "Repeats, %",
        "Share of a person’s own images that come back later (percent), unmarked: "
        "they show how far people agree with themselves. The first answer counts.",
    ),
    ShareField(
        "search_first_share",
        "Images by search first, %",
        "Drawn by seed. They are answered by search alone before the candidates appear: "
        "this tells how strongly the candidates influence people.",
    ),
    ShareField(
        "posterior_threshold",
        "Threshold of the posterior, %",
        "A release gives an image that waits for an expert the labels whose chance is at least this, by the posterior of the votes. "
        "With 0, experts alone decide.",
        99,
    ),
    ShareField(
        "posterior_margin",
        "Margin around the threshold, %",
        "An image is left to experts if the chance of one of its labels is closer to the threshold than this.",
        49,
    ),
)
SWITCHES = (
    SwitchField("maybe_allowed", "Maybe", "Three answers per label: yes, maybe, no."),
    SwitchField("all_groups_required", "Every candidate must be seen", "An answer is saved only once every candidate has been in view."),
    SwitchField("given_label_always", "Given label", "The label an image came with is always among the candidates."),
    SwitchField("relation_asked", "Relation", "With two or more labels: are they several objects, or several names of one?"),
)
CHOICES = (
    ChoiceField(
        "order",
        "Order of the candidates",
        {CandidateOrder.RANKED: "as the model ranked them", CandidateOrder.SEEDED: "shuffled for each annotator"},
    ),
    ChoiceField(
        "refinement",
        "What experts see",
        {RefinementStyle.OPEN: "votes and notes from the start", RefinementStyle.BLIND: "nothing until they have answered, then the votes"},
    ),
    ChoiceField(
        "expert_order",
        "Which case an expert gets first",
        {
            ExpertOrder.VOTES: "most open, by its votes",
            ExpertOrder.GAIN: "most gain a second, by the posterior",
        },
    ),
)


def protocol_of(form: FormData) -> AnnotationProtocol:
    """The protocol in a form. Raises AnswerRefused with a message for each field."""
    problems: dict[str, str] = {}
    numbers = {entry.name: _whole(form, entry, problems) for entry in NUMBERS}
    shares = {entry.name: _share(form, entry, problems) for entry in SHARES}
    chosen = {entry.name: _chosen(form, entry, problems) for entry in CHOICES}
    _check_margin(shares["posterior_threshold"], shares["posterior_margin"], problems)
    _check_overlap(numbers, shares, problems)
    if problems:
        raise AnswerRefused(problems)
    return AnnotationProtocol(
        preset="",
        overlap=numbers["overlap"],
        overlap_floor=numbers["overlap_floor"],
        overlap_cap=numbers["overlap_cap"],
        overlap_bound=shares["overlap_bound"],
        panel_share=shares["panel_share"],
        n_candidates=numbers["n_candidates"],
        group_size=numbers["group_size"],
        n_decoys=numbers["n_decoys"],
        n_practice=numbers["n_practice"],
        repeat_after=numbers["repeat_after"],
        test_gold_share=shares["test_gold_share"],
        calibration_share=shares["calibration_share"],
        repeat_share=shares["repeat_share"],
        search_first_share=shares["search_first_share"],
        posterior_threshold=shares["posterior_threshold"],
        posterior_margin=shares["posterior_margin"],
        order=CandidateOrder(chosen["order"]),
        refinement=RefinementStyle(chosen["refinement"]),
        expert_order=ExpertOrder(chosen["expert_order"]),
        two_expert_share=shares["two_expert_share"],
        audit_share=shares["audit_share"],
        maybe_allowed="maybe_allowed" in form,
        all_groups_required="all_groups_required" in form,
        given_label_always="given_label_always" in form,
        relation_asked="relation_asked" in form,
    )


def as_shown(protocol: AnnotationProtocol) -> dict[str, object]:
    """The values that the form of a protocol shows, with shares in percent."""
    plain = {entry.name: getattr(protocol, entry.name) for entry in (*NUMBERS, *CHOICES, *SWITCHES)}
    return plain | {entry.name: f"{100 * getattr(protocol, entry.name):.4f}".rstrip("0").rstrip(".") for entry in SHARES}


def titles() -> dict[str, str]:
    """What each value is called in the form."""
    return {entry.name: entry.title for entry in (*NUMBERS, *SHARES, *CHOICES, *SWITCHES)}


def as_read(protocol: AnnotationProtocol) -> dict[str, str]:
    """The values of a protocol in the reader's words."""
    shown = {name: str(value) for name, value in as_shown(protocol).items()}
    chosen = {entry.name: _(entry.options[getattr(protocol, entry.name)]) for entry in CHOICES}
    return shown | chosen | {entry.name: _("on") if getattr(protocol, entry.name) else _("off") for entry in SWITCHES}


def as_sent(form: FormData) -> dict[str, object]:
    """The form's values as they were sent, to be shown again with the problems."""
    texts: dict[str, object] = {entry.name: str(form.get(entry.name, "")) for entry in (*NUMBERS, *SHARES, *CHOICES)}
    return texts | {entry.name: entry.name in form for entry in SWITCHES}


def _whole(form: FormData, entry: NumberField, problems: dict[str, str]) -> int:
    written = str(form.get(entry.name, "")).strip()
    if written.isascii() and written.isdecimal() and len(written) < 6 and entry.least <= int(written) <= entry.most:
        return int(written)
    problems[entry.name] = _("Enter a whole number from %(least)s to %(most)s.") % {
        "least": number(entry.least),
        "most": number(entry.most),
    }
    return entry.least


def _share(form: FormData, entry: ShareField, problems: dict[str, str]) -> float:
    written = str(form.get(entry.name, "")).strip().replace(",", ".").removesuffix("%").strip()
    if SHARE.fullmatch(written) and float(written) <= entry.most:
        return round(float(written) / 100, 6)
    problems[entry.name] = _("Enter a share from 0 to %(most)s percent.") % {"most": number(entry.most)}
    return 0.0


def _check_margin(threshold: float, margin: float, problems: dict[str, str]) -> None:
    """A margin that leaves no chance above or below it would settle nothing; without a threshold there is nothing for it to lie around."""
    if margin and not threshold:
        problems.setdefault("posterior_margin", _("With a threshold of 0 experts alone decide: enter 0 here too, or a threshold above."))
    if threshold and margin >= min(threshold, 1 - threshold):
        problems.setdefault("posterior_margin", _("Enter a margin that is smaller than the threshold, and than 100 less the threshold."))


def _check_overlap(numbers: Mapping[str, int], shares: Mapping[str, float], problems: dict[str, str]) -> None:
    """The fixed number lies between the least and the most, since the panel keeps it; without a most there is nothing else to set."""
    overlap, floor, cap = numbers["overlap"], numbers["overlap_floor"], numbers["overlap_cap"]
    if not cap:
        meaningless = {"overlap_floor": floor, "overlap_bound": shares["overlap_bound"], "panel_share": shares["panel_share"]}
        for name, value in meaningless.items():
            if value:
                problems.setdefault(
                    name, _("This has no effect while every image gets the same number of answers: enter 0 here, or a maximum above.")
                )
        return
    if not 1 <= floor <= overlap:
        problems.setdefault("overlap_floor", _("Enter a number from 1 to that of “Annotators per image”."))
    if cap < overlap:
        problems.setdefault("overlap_cap", _("Enter 0, or at least the number of “Annotators per image”."))


def _chosen(form: FormData, entry: ChoiceField, problems: dict[str, str]) -> str:
    written = str(form.get(entry.name, ""))
    if written not in entry.options:
        problems[entry.name] = _("Choose one of these.")
    return written
