"""Say a command's message in the words of the page that started it: an option that nobody can type there is named as the page has it.

What a page does not offer at all is shown as the whole command for the server, or left out.
"""

import re
import shlex
from collections.abc import Sequence

NOT_FOR_SERVER = frozenset({"--json"})
"""What pages alone want of a command."""
TO_ADD = re.compile(r"(?P<before>(?:then )?add|bring your own by)(?P<option> --checkpoint [\w.]+)")
OTHERWISE: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"Add --skip-bad to go on without them"), "Tick “Leave out what cannot be used, and list it” to go on without them"),
    (re.compile(r"use --labels imagenet1k, which"), "choose “the 1,000 labels of ImageNet”, which"),
    (re.compile(r", or --labels \S+ to keep only these [^,]+, without names"), ""),
    (re.compile(r"--labels imagenet1k, or --labels FILE"), "choose “the 1,000 labels of ImageNet” or a file"),
    (re.compile(r"name the labels, --labels FILE, or"), "name the labels in a file, or"),
    (re.compile(r"import that folder, --images '+[^']*'+, or"), "import that folder, or"),
    (re.compile(r"; name another workspace with --workspace"), ""),
    (re.compile(r"^(\s*)--([a-z-]+)(?=: )", re.MULTILINE), r"\1\2"),
    (re.compile(r", or bring images with known labels by --from FILE"), ""),
    (re.compile(r"\s*Import again with --given FILE\."), ""),
    (re.compile(r"\s*Or rank them by the model's loss, which needs nothing more: --by loss"), ""),
    (re.compile(r" or, where several threads score on a processor, fewer: --decode-threads 1"), ""),
)


def in_page_words(message: str, arguments: Sequence[str]) -> str:
    """The message of a command that was started with these arguments, as a page says it.

    >>> in_page_words("No weights: then add --checkpoint x.bin", ["propose", "--model", "timm/a", "--", "my photos"])
    "No weights: then run on the server: `multilabelfy propose --model timm/a --checkpoint x.bin -- 'my photos'`"
    """
    for option, words in OTHERWISE:
        message = option.sub(words, message)
    return TO_ADD.sub(lambda match: _with_option(match, arguments), message)


def _with_option(match: re.Match[str], arguments: Sequence[str]) -> str:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    before = shlex.join(["multilabelfy", *(part for part in arguments[:at] if part not in NOT_FOR_SERVER)])
    behind = f" {shlex.join(arguments[at:])}" if at < len(arguments) else ""
    start = "bring your own on the server:" if match["before"].startswith("bring") else "then run on the server:"
    return f"{start} `{before}{match['option']}{behind}`"
