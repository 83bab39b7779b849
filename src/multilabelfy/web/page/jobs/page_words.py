"""Word an error for the page that started a job: an option that nobody can type there is named as the page's control.

What a page does not offer is shown as the whole command for the server, or left out.
"""

import shlex
from collections.abc import Mapping
from typing import Any

from multilabelfy.errors import CommandOption, Wording, flag_of

CONTROLS: Mapping[tuple[str, str], str] = {
    ("skip_bad", ""): "tick “Leave out what cannot be used, and list it”",
    ("labels", "imagenet1k"): "choose “the 1,000 labels of ImageNet”",
    ("labels", "FILE"): "choose a file of labels",
}
"""The controls of pages by the option that they set, and its value."""
ON_SERVER = ("checkpoint",)
"""Options that no page has, and without which there may be no way at all."""


def on_page(option: CommandOption) -> str:
    """An option as a page has it; empty where no page does."""
    return CONTROLS.get((option.name, option.value), "")


def words_of(work: str, values: Mapping[str, Any]) -> Wording:
    """The words of the page that started this work with these values.

    >>> words_of("propose", {"name": "my photos", "model": "timm/a"})(CommandOption("checkpoint", "x.bin"))
    "run on the server: `multilabelfy propose --model timm/a --checkpoint x.bin -- 'my photos'`"
    """

    def wording(option: CommandOption) -> str:
        if option.name not in ON_SERVER:
            return on_page(option)
        given = [part for name, value in values.items() if name not in ("name", "k") for part in (f"--{name}", str(value))]
        line = ["multilabelfy", work, *given, flag_of(option), option.value, "--", str(values["name"])]
        return f"run on the server: `{shlex.join(line)}`"

    return wording
