"""What the template of one sheet reads: the sheet, what stands in its form, and the words on its controls."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from multilabelfy.annotation.model import Outcome, UnfitReason
from multilabelfy.web.annotate.answer_form import EMPTY, FilledAnswer, filled_from
from multilabelfy.web.desk.page import RELATIONS, picture_address
from multilabelfy.workflows.annotating.sheets import Option, Sheet

OUTCOMES = (
    (Outcome.NONE.value, "0", "no label fits"),
    (Outcome.CANNOT_TELL.value, "u", "cannot tell"),
    (Outcome.UNFIT.value, "f", "unfit picture"),
)
REASONS = (
    (UnfitReason.BROKEN.value, "it cannot be displayed"),
    (UnfitReason.POOR.value, "too blurred, dark or small"),
    (UnfitReason.INAPPROPRIATE.value, "inappropriate"),
    (UnfitReason.OTHER.value, "other (note)"),
)


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet as its template reads it; `address` is the annotate page's own, without a slash at its end."""

    sheet: Sheet
    address: str
    picture: str
    rendered: str
    client_id: str
    filled: FilledAnswer = field(default_factory=FilledAnswer)
    added: Sequence[Option] = ()

    @property
    def references(self) -> str:
        """Which reference pictures stand beside which label, as the form sends it back."""
        strips = [(option.label.index, option.strip) for option in self.sheet.options()]
        return " ".join(f"{label}:{strip.numbers}" for label, strip in strips if strip)

    @property
    def neighbours(self) -> str:
        """Where the neighbours of this sheet's labels are, each under the label's number."""
        return f"{self.address.removesuffix('/annotate')}/neighbours/{self.sheet.assignment}"

    @property
    def is_searching(self) -> bool:
        """Whether the candidates stay hidden until the search alone has been answered."""
        return self.sheet.by_search_first and not self.filled.first

    def row(self, option: Option) -> Markup | None:  # noqa: ARG002
        """The row of a label if it is rendered already (`fresh_sheets`); else the template draws it."""
        return None

    def chip(self, option: Option) -> Markup | None:  # noqa: ARG002
        """The same of a candidate's chip."""
        return None

    @property
    def relations(self) -> tuple[tuple[str, str, str], ...]:
        """Value, key and name of each relation."""
        return RELATIONS

    @property
    def outcomes(self) -> tuple[tuple[str, str, str], ...]:
        """Value, key and name of each outcome without a label."""
        return OUTCOMES

    @property
    def reasons(self) -> tuple[tuple[str, str], ...]:
        """Value and name of each reason why a picture is unfit."""
        return REASONS

    @property
    def noted_reasons(self) -> frozenset[str]:
        """The values of the reasons that want a note."""
        return frozenset({UnfitReason.OTHER.value})


def view_of(
    sheet: Sheet, address: str, edge: int, now: datetime, *, filled: FilledAnswer | None = None, added: Sequence[Option] = ()
) -> SheetView:
    """The view of a sheet: empty, or with the person's earlier answer, or with what was just sent.

    The id serves a form that is sent without scripts, so that sending it twice stores it once; scripts make one for each answer.
    """
    standing = filled or (filled_from(sheet.earlier) if sheet.earlier else EMPTY)
    return SheetView(
        sheet=sheet,
        address=address,
        picture=picture_address(sheet.picture, edge),
        rendered=now.isoformat(),
        client_id=secrets.token_hex(16),
        filled=standing,
        added=(*sheet.added, *added),
    )
