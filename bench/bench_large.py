"""A large study: how long its pages take, what `resolve` and `report` cost, how large it is. The figures that are wanted hold for 1,000,000
images with 10,000,000 votes (`--images 1000000 --votes 10000000`); without an option it is a tenth of that. A vote is what it is everywhere
here: the answer of one person to one label of one image. Two people answer an image's twenty labels, so that a quarter of the images have
all their answers and the others wait.

The votes are made up and written as rows, with the summaries that they give. Pages are asked of a server of its own, one after another: for
each its time is printed, and the processor time of the server, which other work on the machine disturbs less.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import DatasetId, Image
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.settings import load_settings
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import Workspace, opened

NAME = "large"
N_PEOPLE = 20
N_LABELS = 1000
N_SHOWN = 20
N_ANSWERS = 2
N_EXEMPLARS = 3
DISPUTED = 0.3
CHUNK = 20_000
NOW = datetime.now(UTC)
MONTHS = timedelta(days=120)
"""How long the study has been under way: its answers came evenly."""
PAGES = {"overview": "", "images": "/images", "images of a label": "/images?label=7", "disagreements": "/disagreements"}
ASSIGNMENT = (
    "INSERT INTO assignments (id, dataset_id, image_id, annotator_id, task, state, handed_at, expires_at, answered_at, policy,"
    " inclusion_probability) VALUES (?, ?, ?, ?, 'annotate', 'answered', ?, ?, ?, 'bench', 1)"
)
ANNOTATION = (
    "INSERT INTO annotations (id, client_id, assignment_id, dataset_id, image_id, annotator_id, revision, outcome, answers, unprompted,"
    " unsure_between, missing_label, note, screen, surplus, after_refinement, handed_at, submitted_at, present_ms)"
    " VALUES (?, ?, ?, ?, ?, ?, 1, 'labelled', ?, '[]', '[]', '', '', ?, 0, 0, ?, ?, 4000)"
)


def main() -> None:
    """Print each figure on a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000, help="images of the study (100,000)")
    parser.add_argument("--votes", type=int, default=1_000_000, help="votes of the study (1,000,000)")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for (40)")
    parser.add_argument("--folder", type=Path, help="where the workspace is made and stays; a temporary folder otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        workspace = Path(folder) / "workspace"
        with opened(load_settings(workspace), create=True) as made:
            seconds = timed(lambda: make_study(made, options.images, options.votes))
            link = people.invite(made, "Olga", Role.OWNER, datetime.now(UTC)).link
        print(f"{options.images:,} images with {options.votes:,} votes, made in {seconds:.0f} s")
        print(f"workspace: {size(workspace) / 1e9:.2f} GB (wanted: 4 GB)", flush=True)
        with served(workspace) as (address, server):
            print_pages(address, link[link.index("/sign-in/") :], server, options.rounds)
        for command in (["resolve", NAME], ["report", NAME, "--out", str(Path(folder) / "report")]):
            print_command(workspace, command)


def make_study(workspace: Workspace, n_images: int, n_votes: int) -> None:
    """Images with proposals and votes: most agree, of DISPUTED one person says a second label."""
    labels = imagenet1k()
    with workspace.store.writing() as c:
        who = [people_id(c, f"person {number}") for number in range(N_PEOPLE)]
        dataset = datasets.add(c, name=NAME, images_root="/pictures", reference_root=None, labels=labels, protocol=PAPER, seed=0, now=NOW)
        new = (Image(f"{i % N_LABELS:03}/{i:07}.jpg", i % N_LABELS) for i in range(n_images))
        images.add_many(c, dataset, new, token=lambda path: workspace.token("image", NAME, path), queue_place=lambda path: hash(path))
    propose(workspace, dataset)
    dice = np.random.default_rng(0)
    with workspace.store.reading() as c:
        answered = [image.id for image in images.iterate(c, dataset)][: n_votes // (N_ANSWERS * N_SHOWN)]
    every = iter(answered)
    while chunk := list(islice(every, CHUNK)):
        disputed = dice.random(len(chunk)) < DISPUTED
        with workspace.store.writing() as c:
            vote(c, dataset, who, chunk, disputed, len(answered))
    with workspace.store.writing() as c:
        c.exec_driver_sql("DELETE FROM image_counts")
        c.exec_driver_sql("INSERT INTO image_counts SELECT dataset_id, state, count(*) FROM images GROUP BY 1, 2")
        people_counts = "SELECT annotator_id, dataset_id, 'annotate', count(*), sum(present_ms) FROM annotations GROUP BY 1, 2"
        c.exec_driver_sql(f"INSERT INTO person_counts {people_counts}")


def people_id(c: Connection, name: str) -> int:
    from multilabelfy.store import people as stored_people

    return int(stored_people.add(c, name, Role.ANNOTATOR, NOW).id)


def propose(workspace: Workspace, dataset: DatasetId) -> None:
    """Twenty labels for each image, its given one first."""
    with workspace.store.writing() as c:
        run = proposals.start_run(c, dataset, "bench", N_SHOWN, NOW)
    with workspace.store.reading() as c:
        every = [image.id for image in images.iterate(c, dataset)]
    scores = (np.linspace(0.5, 0.01, N_SHOWN) / 5).astype(np.float32)
    for start in range(0, len(every), CHUNK):
        chunk = every[start : start + CHUNK]
        ranked = (np.arange(start, start + len(chunk))[:, None] + np.arange(N_SHOWN)) % N_LABELS
        with workspace.store.writing() as c:
            proposals.add_chunk(c, run, chunk, ranked.astype(np.int32), np.tile(scores, (len(chunk), 1)))
    with workspace.store.writing() as c:
        proposals.finish_run(c, run, NOW)


def vote(c: Connection, dataset: DatasetId, who: list[int], chunk: list[Any], disputed: Any, n_answered: int) -> None:
    """The rows of a chunk's votes, and the states that they lead to."""
    assigned, answered, chosen = [], [], []
    for image, is_disputed in zip(chunk, disputed, strict=True):
        given = (image - 1) % N_LABELS
        shown = [[(given + place) % N_LABELS, "bench", place + 1] for place in range(N_SHOWN)]
        screen = json.dumps(
            {
                "candidates": shown,
                "group_size": 5,
                "opened_at": [NOW.isoformat()] * 4,
                "exemplars": {str(label): [str(4 * label + at) for at in range(N_EXEMPLARS)] for label, *_ in shown},
                "protocol_version": 1,
                "guidelines_version": 0,
                "search_used": False,
            }
        )
        chosen.append((image, given, dataset, N_ANSWERS))
        if is_disputed:
            chosen.append((image, (given + 1) % N_LABELS, dataset, 1))
        when = (NOW - MONTHS * (1 - image / n_answered)).replace(tzinfo=None).isoformat(" ", "microseconds")
        for number in range(N_ANSWERS):
            row, person = (image - 1) * N_ANSWERS + number + 1, who[(image + number) % len(who)]
            answers = {str(given): 2} | ({str((given + 1) % N_LABELS): 2} if is_disputed and not number else {})
            assigned.append((row, dataset, image, person, when, when, when))
            answered.append((row, f"bench-{row}", row, dataset, image, person, json.dumps(answers), screen, when, when))
    c.exec_driver_sql(ASSIGNMENT, assigned)
    c.exec_driver_sql(ANNOTATION, answered)
    c.exec_driver_sql("INSERT INTO label_choices (image_id, label_index, dataset_id, n_yes, n_maybe) VALUES (?, ?, ?, ?, 0)", chosen)
    states = [("disputed" if is_disputed else "agreed", N_ANSWERS, image) for image, is_disputed in zip(chunk, disputed, strict=True)]
    c.exec_driver_sql("UPDATE images SET state = ?, n_answers = ? WHERE id = ?", states)


@contextmanager
def served(workspace: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a server of the workspace, and its process."""
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--port", "0", "--log-format", "off"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    address = re.search(r"http://\S+?:\d+", process.stderr.readline())
    assert address is not None
    try:
        yield address[0], psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def print_pages(address: str, link: str, server: psutil.Process, n_rounds: int) -> None:
    """Each page by turns."""
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=address, headers=headers, timeout=600) as client:
        assert client.post(link).status_code == 303
        begun = cpu(server)
        took = timed(lambda: wait_for_figures(client))
        print(f"figures, worked out beside the server: {took:.0f} s, {cpu(server) - begun:.0f} s of the processor", flush=True)
        for name, path in PAGES.items():
            before = cpu(server)
            first = timed(lambda path=path: client.get(f"/d/{NAME}{path}").raise_for_status())
            print(f"{name}, the first time: {1000 * first:.0f} ms, {1000 * (cpu(server) - before):.0f} ms of the processor", flush=True)
        for name, path in PAGES.items():
            before = cpu(server)
            times = sorted(timed(lambda path=path: client.get(f"/d/{NAME}{path}").raise_for_status()) for _ in range(n_rounds))
            used = 1000 * (cpu(server) - before) / n_rounds
            middle, high = 1000 * times[n_rounds // 2], 1000 * times[int(0.95 * n_rounds)]
            print(f"{name}: median {middle:.0f} ms, 95% {high:.0f} ms, {used:.0f} ms of the processor (wanted: 95% 150 ms)", flush=True)
    print(f"the server's memory: {server.memory_info().rss / 1e6:.0f} MB (wanted: 300 MB)", flush=True)


def wait_for_figures(client: httpx.Client) -> None:
    """Until the overview has them: nobody waits for them but this."""
    while client.get(f"/d/{NAME}/disagreements").status_code == httpx.codes.SERVICE_UNAVAILABLE:
        time.sleep(0.5)


def print_command(workspace: Path, command: list[str]) -> None:
    """What a command costs."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "multilabelfy", *command, "--workspace", str(workspace)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    told = process.stderr.read().decode()[-300:]
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    seconds, processor = time.perf_counter() - start, used.ru_utime + used.ru_stime
    print(
        f"{command[0]}: {seconds:.0f} s, {processor:.0f} s of the processor, {used.ru_maxrss / 2**20:.2f} GiB (wanted: 300 s, 2 GiB)",
        flush=True,
    )
    if status:
        print(told)


def cpu(process: psutil.Process) -> float:
    """Seconds of the processor that it and those below it took, ended ones too."""
    return float(sum(sum(each.cpu_times()[:4]) for each in [process, *process.children(recursive=True)]))


def size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def timed(work: Any) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
