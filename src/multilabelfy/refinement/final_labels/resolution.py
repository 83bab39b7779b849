"""Give each image its final labels: agreed sets and experts' decisions are final; an empty set needs a reason."""

from collections.abc import Mapping, Sequence

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Vote
from multilabelfy.disagreement.comparison import compare
from multilabelfy.errors import AnswerRefused
from multilabelfy.refinement.explanation import Explanation, common, problems_of
from multilabelfy.refinement.model import FinalLabels, LabelSource


def agreed_labels(annotations: Sequence[Annotation]) -> FinalLabels | None:
    """The final labels of an image whose annotators agree, decided by all of them; None where they dispute (then it is unresolved)."""
    comparison = compare(annotations)
    if comparison.is_disputed:
        return None
    counted = counting(annotations)
    return FinalLabels(
        image=counted[0].image,
        labels=comparison.agreed,
        source=LabelSource.AGREED,
        relation=common(annotation.relation for annotation in counted),
        decided_by=tuple(sorted(annotation.annotator for annotation in counted)),
        before=union_of_ticks(counted),
    )


def union_of_ticks(annotations: Sequence[Annotation]) -> tuple[int, ...]:
    """Every label that anybody said yes to, ascending: where the paper's refinement starts."""
    return tuple(sorted(frozenset[int]().union(*(annotation.chosen() for annotation in annotations))))


def check_decision(answers: Mapping[int, Vote], explanation: Explanation) -> None:
    """Refuse a decision that cannot be final. Raises AnswerRefused with a message for each field.

    An expert's answers are yes or no; a set without a yes needs a reason of the list, and the reason "other" a note.
    """
    problems = problems_of(explanation, list(answers.values()).count(Vote.YES))
    if Vote.MAYBE in answers.values():
        problems["answers"] = "A final label is valid or not: change each maybe to yes or no."
    if problems:
        raise AnswerRefused(problems)
