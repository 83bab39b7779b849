"""Nouns as JSON values and back: what a database column holds of a screen, an answer, a candidate."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from multilabelfy.annotation.model import Candidate, Screen, Vote

_VOTES = {int(vote): vote for vote in Vote}


def answers_to_json(answers: Mapping[int, Vote]) -> dict[str, int]:
    """{label: vote}; JSON's keys are texts."""
    return {str(label): int(vote) for label, vote in answers.items()}


def answers_from_json(stored: Mapping[str, int]) -> dict[int, Vote]:
    """The answers, by ascending label."""
    return {label: _VOTES[vote] for label, vote in sorted([(int(key), vote) for key, vote in stored.items()])}


def candidates_to_json(candidates: Sequence[Candidate]) -> list[list[Any]]:
    """[[label, source, rank], …]"""
    return [[candidate.label, candidate.source, candidate.rank] for candidate in candidates]


def candidates_from_json(stored: Sequence[Sequence[Any]]) -> tuple[Candidate, ...]:
    """The candidates in their order."""
    return tuple([_candidate(label, source, rank) for label, source, rank in stored])


@lru_cache(maxsize=1 << 16)
def _candidate(label: int, source: str, rank: int | None) -> Candidate:
    """Each is kept once, since every answer to an image repeats what was shown."""
    return Candidate(label, source, rank)


def screen_to_json(screen: Screen) -> dict[str, Any]:
    """All that was shown; times in ISO form."""
    return {
        "candidates": candidates_to_json(screen.candidates),
        "group_size": screen.group_size,
        "opened_at": [None if time is None else time.isoformat() for time in screen.opened_at],
        "exemplars": {str(label): list(tokens) for label, tokens in screen.exemplars.items()},
        "protocol_version": screen.protocol_version,
        "guidelines_version": screen.guidelines_version,
        "search_used": screen.search_used,
    }


def screen_from_json(stored: Mapping[str, Any]) -> Screen:
    """The screen as it was."""
    return Screen(
        candidates=candidates_from_json(stored["candidates"]),
        group_size=stored["group_size"],
        opened_at=tuple([time_from_json(time) for time in stored["opened_at"]]),
        exemplars={int(label): tuple(tokens) for label, tokens in stored["exemplars"].items()},
        protocol_version=stored["protocol_version"],
        guidelines_version=stored["guidelines_version"],
        search_used=stored["search_used"],
    )


def time_from_json(stored: str | None) -> datetime | None:
    """The time that a text in ISO form says; none where there is none."""
    return None if stored is None else datetime.fromisoformat(stored)
