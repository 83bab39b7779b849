"""The images of a dataset: add them in bulk, find one, iterate over all, and keep each one's state."""

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import bindparam, func, insert, select, update

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, AWAITING_EXPERTS, UNREADABLE
from multilabelfy.dataset.model import DatasetId, Image, ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import UnknownImage
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Listed, Prebuilt
from multilabelfy.store.database.rows import CHUNK, chunked, refresh_statistics
from multilabelfy.store.dataset.cursors import START, pull_back
from multilabelfy.store.dataset.image_rows import from_row, is_in
from multilabelfy.store.schema import image_counts, images

_BY_ID = Prebuilt(select(images).where(images.c.id == bindparam("image")))
_BY_IDS = Listed(select(images), images.c.id)
_SET_STATE = Prebuilt(update(images).where(images.c.id == bindparam("image")).values(state=bindparam("to")).returning(images.c.queue_place))
_SET_TRIAGE = Prebuilt(update(images).where(images.c.id == bindparam("image")).values(triage=bindparam("to")))
_WANT_EXPERTS = Prebuilt(
    update(images)
    .where(images.c.id == bindparam("image"))
    .values(n_experts=bindparam("n"), expert_policy=bindparam("by_policy"), expert_probability=bindparam("probability"))
)
_COUNTS = Prebuilt(select(image_counts.c.state, image_counts.c.n_images).where(image_counts.c.dataset_id == bindparam("dataset")))
_COUNT_CHANGE = Prebuilt(
    update(image_counts)
    .where(image_counts.c.dataset_id == bindparam("dataset"), image_counts.c.state == bindparam("of_state"))
    .values(n_images=image_counts.c.n_images + bindparam("by"))
)


def add_many(
    c: Connection,
    dataset: DatasetId,
    new: Iterable[Image],
    *,
    token: Callable[[str], str],
    queue_place: Callable[[str], float],
    state: ImageState = ImageState.UNPROPOSED,
) -> int:
    """Add the images whose path is new, behind the stored ones, which stay as they are. Returns how many were added."""
    first = _next_place(c, dataset)
    place = first
    for chunk in chunked(new):
        rows = [_values(dataset, image, place + i, token, queue_place, state) for i, image in enumerate(_not_there(c, dataset, chunk))]
        if rows:
            c.execute(insert(images), rows)
        place += len(rows)
    count_change(c, dataset, state, place - first)
    if state in AWAITING_ANNOTATORS and place > first:
        pull_back(c, dataset, START)
    if place >= CHUNK and place.bit_length() > first.bit_length():
        refresh_statistics(c, images)  # about once for each doubling
    return place - first


def get(c: Connection, image: ImageId) -> StoredImage:
    """The image of this id. Raises UnknownImage."""
    row = _BY_ID.row(c, image=image)
    if row is None:
        raise UnknownImage(f"There is no image number {image}.")
    return from_row(row)


def get_in(c: Connection, dataset: StoredDataset, image: ImageId) -> StoredImage:
    """The image of this id in a dataset. Raises UnknownImage, for another dataset's in the words for one that does not exist."""
    row = _BY_ID.row(c, image=image)
    if row is None or row.dataset_id != dataset.id:
        raise UnknownImage(f"There is no image number {image} in '{dataset.name}'.")
    return from_row(row)


def get_many(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, StoredImage]:
    """The images of these ids; unknown ids are left out."""
    by_id: dict[ImageId, StoredImage] = {}
    for chunk in chunked(dict.fromkeys(ids)):
        by_id.update((ImageId(row.id), from_row(row)) for row in _BY_IDS.of(c, chunk))
    return by_id


def by_path(c: Connection, dataset: DatasetId, path: str) -> StoredImage:
    """The image of this path. Raises UnknownImage."""
    row = c.execute(select(images).where(images.c.dataset_id == dataset, images.c.path == path)).one_or_none()
    if row is None:
        raise UnknownImage(f"There is no image '{path}' in this dataset.")
    return from_row(row)


def by_paths(c: Connection, dataset: DatasetId, paths: Iterable[str]) -> dict[str, StoredImage]:
    """The images of these paths, in their order; unknown paths are left out."""
    by_path: dict[str, StoredImage | None] = dict.fromkeys(paths)
    for chunk in chunked(list(by_path)):
        for row in c.execute(select(images).where(images.c.dataset_id == dataset, images.c.path.in_(chunk))):
            by_path[row.path] = from_row(row)
    return {path: image for path, image in by_path.items() if image is not None}


def by_token(c: Connection, token: str) -> StoredImage:
    """The image whose picture has this opaque name. Raises UnknownImage."""
    row = c.execute(select(images).where(images.c.token == token)).one_or_none()
    if row is None:
        raise UnknownImage("There is no such picture.")
    return from_row(row)


def ids_by_path(c: Connection, dataset: DatasetId) -> dict[str, int]:
    """Each image's path with its id, in import order."""
    query = select(images.c.path, images.c.id).where(images.c.dataset_id == dataset).order_by(images.c.place)
    return {row.path: row.id for row in c.execute(query)}


def paths(c: Connection, dataset: DatasetId) -> list[str]:
    """Every image's path, in the order of the import."""
    query = select(images.c.path).where(images.c.dataset_id == dataset).order_by(images.c.place)
    return list(c.execute(query).scalars())


def given_labels(c: Connection, dataset: DatasetId) -> dict[ImageId, int]:
    """The given label of each image that has one."""
    query = select(images.c.id, images.c.given_label).where(images.c.dataset_id == dataset, images.c.given_label.is_not(None))
    return {ImageId(image): label for image, label in c.execute(query)}


def states_and_answers(c: Connection, dataset: DatasetId) -> Iterator[tuple[ImageId, ImageState, int]]:
    """Each image with its state and how many answers it has, in no order."""
    query = select(images.c.id, images.c.state, images.c.n_answers).where(images.c.dataset_id == dataset)
    states = {state.value: state for state in ImageState}
    return ((ImageId(image), states[state], n_answers) for image, state, n_answers in c.execute(query))


def iterate(c: Connection, dataset: DatasetId, *, chunk: int = 1000) -> Iterator[StoredImage]:
    """Every image in the order of the import, `chunk` of them in memory at once."""
    place = -1
    while True:
        query = select(images).where(images.c.dataset_id == dataset, images.c.place > place).order_by(images.c.place).limit(chunk)
        rows = c.execute(query).all()
        if not rows:
            return
        yield from (from_row(row) for row in rows)
        place = rows[-1].place


def set_state(c: Connection, image: ImageId, state: ImageState) -> None:
    """Set an image's state and update its dataset's counts. Raises UnknownImage."""
    move(c, get(c, image), state)


def move(c: Connection, image: StoredImage, state: ImageState) -> None:
    """As `set_state`, for an image that was read in this transaction and whose state has not changed since."""
    if image.state is state:
        return
    queue_place = _SET_STATE.value(c, image=image.id, to=state.value)
    count_change(c, image.dataset, image.state, -1)
    count_change(c, image.dataset, state, 1)
    if state in AWAITING_ANNOTATORS and queue_place is not None:
        pull_back(c, image.dataset, queue_place)


def set_unreadable(c: Connection, image: ImageId, why: str) -> None:
    """Put aside an image whose file is not a readable picture; `why` is for owners."""
    set_state(c, image, ImageState.UNREADABLE)
    c.execute(update(images).where(images.c.id == image).values(unreadable_why=why))


def unreadable(c: Connection, dataset: DatasetId) -> list[tuple[str, str]]:
    """The path of each unreadable image with the reason, in import order."""
    is_unreadable = (images.c.dataset_id == dataset) & is_in(UNREADABLE)
    query = select(images.c.path, images.c.unreadable_why).where(is_unreadable).order_by(images.c.place)
    return [(path, why or "") for path, why in c.execute(query)]


def set_triage(c: Connection, image: ImageId, value: float) -> None:
    """Set how soon an expert should see an image: the higher, the sooner."""
    _SET_TRIAGE.run(c, image=image, to=value)


def triage_of_next(c: Connection, image: ImageId) -> float | None:
    """The triage of the disputed image that follows this one in the queue, else of the first; None if no image is disputed.

    Places in the queue are drawn, so this is the triage of some disputed image: an agreed one that borrows it stands anywhere among them.
    """
    position = select(images.c.dataset_id, images.c.queue_place).where(images.c.id == image)
    dataset, place = c.execute(position).one()
    waiting = (images.c.dataset_id == dataset) & is_in(AWAITING_EXPERTS) & (images.c.id != image)
    query = select(images.c.triage).where(waiting).order_by(images.c.queue_place, images.c.id).limit(1)
    triage = c.execute(query.where(images.c.queue_place >= place)).scalar_one_or_none()
    return triage if triage is not None else c.execute(query).scalar_one_or_none()


def want_experts(c: Connection, image: ImageId, n: int, *, policy: str, probability: float) -> None:
    """Set how many experts an image needs for a decision, and the policy and probability that their assignments will carry."""
    _WANT_EXPERTS.run(c, image=image, n=n, by_policy=policy, probability=probability)


def before_experts(c: Connection, dataset: DatasetId, policy: str) -> list[ImageId]:
    """The images that wait for experts under this policy, in the order of the import."""
    waiting = (images.c.dataset_id == dataset) & is_in(AWAITING_EXPERTS) & (images.c.expert_policy == policy)
    return [ImageId(image) for image in c.execute(select(images.c.id).where(waiting).order_by(images.c.place)).scalars()]


def set_queue_places(c: Connection, dataset: DatasetId, places: Iterable[tuple[ImageId, float]], *, policy: str | None = None) -> None:
    """Let a policy rewrite the order in which images are handed out; assignments carry its name. None restores the import order."""
    moved = update(images).where(images.c.id == bindparam("image"), images.c.dataset_id == dataset)
    moved = moved.values(queue_place=bindparam("to"), queue_policy=policy)
    for chunk in chunked(places):
        c.execute(moved, [{"image": image, "to": place} for image, place in chunk])
    pull_back(c, dataset, START)


def moved_in_queue(c: Connection, dataset: DatasetId, policy_begins: str) -> list[StoredImage]:
    """The images whose place in the queue was set by a policy of this name, in import order."""
    theirs = (images.c.dataset_id == dataset) & images.c.queue_policy.startswith(policy_begins, autoescape=True)
    return [from_row(row) for row in c.execute(select(images).where(theirs).order_by(images.c.place))]


def counts(c: Connection, dataset: DatasetId) -> dict[ImageState, int]:
    """How many images are in each state; every state is a key."""
    return asked_counts(c, dataset)()


def asked_counts(c: Connection, dataset: DatasetId) -> Coming[dict[ImageState, int]]:
    """As `counts`, to be looked at later."""
    asked = _COUNTS.asked(c, dataset=dataset)

    def read() -> dict[ImageState, int]:
        by_state = {ImageState(state): n for state, n in asked.rows()}
        return {state: by_state.get(state, 0) for state in ImageState}

    return read


def count_change(c: Connection, dataset: DatasetId, state: ImageState, by: int) -> None:
    """Update the counts: `by` more images (or fewer) are in this state."""
    _COUNT_CHANGE.run(c, dataset=dataset, of_state=state.value, by=by)


def _next_place(c: Connection, dataset: DatasetId) -> int:
    last = c.execute(select(func.max(images.c.place)).where(images.c.dataset_id == dataset)).scalar_one()
    return 0 if last is None else int(last) + 1


def _not_there(c: Connection, dataset: DatasetId, chunk: list[Image]) -> Iterator[Image]:
    """The images whose path is not stored yet; if a path comes twice, the first one."""
    query = select(images.c.path).where(images.c.dataset_id == dataset, images.c.path.in_([image.path for image in chunk]))
    stored = set(c.execute(query).scalars())
    for image in chunk:
        if image.path not in stored:
            stored.add(image.path)
            yield image


def _values(
    dataset: DatasetId, image: Image, place: int, token: Callable[[str], str], queue_place: Callable[[str], float], state: ImageState
) -> dict[str, object]:
    where = {"dataset_id": dataset, "path": image.path, "place": place, "queue_place": queue_place(image.path)}
    return {**where, "given_label": image.given_label, "token": token(image.path), "state": state.value}
