"""What a workspace knows of an image and of a reference picture beyond an import: its number, its opaque name, how far it is."""

from dataclasses import dataclass

from multilabelfy.dataset.model import DatasetId, ImageId, ImageState


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image of a dataset. `place` is its order in the import, `token` the opaque name of its picture, `n_leases` who has it now.

    `fingerprint` says how the picture looks, as 16 hex digits; it is None until it was needed.
    `n_wanted` is how many answers a policy wants of it (None: none has spoken of it).
    Where it waits for experts, `n_experts` says how many of them it wants, and `expert_policy` why (None: it is disputed).
    """

    id: ImageId
    dataset: DatasetId
    path: str
    place: int
    given_label: int | None
    token: str
    state: ImageState
    n_answers: int
    n_leases: int
    unreadable_why: str | None
    n_experts: int = 1
    expert_policy: str | None = None
    fingerprint: str | None = None
    n_wanted: int | None = None

    def wants(self, overlap: int) -> int:
        """How many answers it wants, in a study whose images want so many where no policy has spoken of them."""
        return overlap if self.n_wanted is None else self.n_wanted


@dataclass(frozen=True, slots=True)
class StoredExemplar:
    """A reference picture of a label; `place` is its order from 0, and -1 where an owner removed it; `token` is its opaque name."""

    id: int
    label: int
    path: str
    place: int
    token: str
