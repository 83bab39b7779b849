"""Say in words what a label looks like, for a model that knows pictures and texts but no labels.

Each label gets several prompts, made of its names and its definition by templates, and counts as the mean of their embeddings: Radford et
al., "Learning Transferable Visual Models From Natural Language Supervision" (ICML 2021), section 3.1.4.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from multilabelfy.dataset.model import Label

NAME, DEFINITION = "{name}", "{definition}"
TEMPLATES = ("a photo of a {name}.", "a photo of the {name}.", "a close-up photo of a {name}.", "a photo of a {name}: {definition}")
N_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Wording:
    """The labels of a dataset, in their order, and the templates that make prompts of them."""

    labels: tuple[Label, ...]
    templates: tuple[str, ...] = TEMPLATES

    @property
    def digest(self) -> str:
        """The first 8 hexadecimal digits of the SHA-256 of all prompts: whoever reads other words proposes otherwise."""
        whole = hashlib.sha256()
        for index, prompt in self.prompts():
            whole.update(f"{index}\t{prompt}\n".encode())
        return whole.hexdigest()[:N_DIGITS]

    def prompts(self) -> Iterator[tuple[int, str]]:
        """Every prompt with the index of its label, template by template, so that those of a length come together.

        A template with {definition} gives one prompt, of the first name, and none where a label has no definition; any other one gives a
        prompt for each name. Where that leaves a label without a prompt, its name alone is one.
        """
        for template in self.templates:
            for label in self.labels:
                for prompt in _filled(template, label):
                    yield label.index, prompt
        for label in self.labels:
            if not any(_filled(template, label) for template in self.templates):
                yield label.index, _plain(label.name)


def problem_of(template: str) -> str | None:
    """What is wrong with a template, as far as its form tells; None where it can be used.

    >>> problem_of("a photo of a {name}."), problem_of("a photo")
    (None, "it lacks {name}, where a label's name goes")
    """
    if NAME not in template:
        return "it lacks {name}, where a label's name goes"
    if {"{", "}"} & set(template.replace(NAME, "").replace(DEFINITION, "")):
        return "it has another brace than those of {name} and {definition}"
    return None


def _filled(template: str, label: Label) -> Sequence[str]:
    names = [_plain(name) for name in label.names or (label.key,)]
    if DEFINITION not in template:
        return [template.replace(NAME, name) for name in dict.fromkeys(names)]
    if not label.definition:
        return []
    before, *after = template.split(DEFINITION)  # so that nothing in a definition is taken for a name's place
    return [label.definition.join(part.replace(NAME, names[0]) for part in (before, *after))]


def _plain(name: str) -> str:
    return name.replace("_", " ").strip()
