"""Arguments and options that several commands take, each defined once."""

from pathlib import Path
from typing import Annotated

import typer

from multilabelfy.formats.inputs import GIVEN_LABELS, LABEL_SETS, PREDICTIONS, VOTES

DatasetName = Annotated[str, typer.Argument(help="The dataset's name.")]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", help="The workspace's folder; if not given, MULTILABELFY_WORKSPACE or ./multilabelfy-workspace."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print only JSON to standard output.")]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")]
WithNamesOption = Annotated[bool, typer.Option("--with-names", help="Show people's names instead of pseudonyms.")]
ReportFolderOption = Annotated[Path, typer.Option("--out", help="The folder to write to; replaces an earlier report there.")]
LabelSpaceOption = Annotated[
    str | None, typer.Option("--label-space", help="The label space: imagenet1k or a file; needed if files name labels by key.")
]

VotesArgument = Annotated[Path, typer.Argument(help=f"The votes: {VOTES.briefly}.")]
PredictionsOption = Annotated[
    list[Path] | None, typer.Option("--predictions", help=f"A model's predictions: {PREDICTIONS.briefly}. Repeat it for several files.")
]
GivenOption = Annotated[Path | None, typer.Option("--given", help=f"The label that each image came with: {GIVEN_LABELS.briefly}.")]
EvidencePredictionsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--predictions", help=f"Count models as evidence: {PREDICTIONS.briefly}. It must name its images; repeat it for several files."
    ),
]
EvidenceGivenOption = Annotated[
    Path | None,
    typer.Option(
        "--given", help=f"Count the label that each image came with as evidence; never do so to audit given labels: {GIVEN_LABELS.briefly}."
    ),
]
EvidenceGoldOption = Annotated[
    Path | None, typer.Option("--gold", help=f"Known label sets of some images, to calibrate on: {LABEL_SETS.briefly}.")
]
