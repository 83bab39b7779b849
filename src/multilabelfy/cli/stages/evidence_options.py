"""Options of commands that work on the votes of a file: what else tells about their labels."""

from pathlib import Path
from typing import Annotated

import typer

from multilabelfy.formats.inputs import LABEL_SETS, PREDICTIONS

WithVotesPredictionsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--predictions",
        help=f"With --votes: count models as evidence, {PREDICTIONS.briefly}. It must name its images; repeat it for several files.",
        show_default=False,
    ),
]
WithVotesGoldOption = Annotated[
    Path | None,
    typer.Option("--gold", help=f"With --votes: known label sets of some images, {LABEL_SETS.briefly}.", show_default=False),
]
EvidenceLabelSpaceOption = Annotated[
    str | None,
    typer.Option(
        "--label-space", help="The label space: imagenet1k or a file; needed if evidence names labels by key.", show_default=False
    ),
]
