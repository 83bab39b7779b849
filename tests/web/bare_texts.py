"""Find words of a template that are said in one language alone: text, or what a person hears of an attribute, outside of `_("…")`."""

import re
from collections.abc import Iterator

from jinja2 import Environment, nodes
from jinja2.ext import InternationalizationExtension

WORD = re.compile(r"[^\W\d_]{2,}|[“”„]")
"""Words, and the quotation marks around what somebody wrote, which differ by language."""
HEARD = re.compile(r"""\b(?:alt|title|placeholder|aria-label)=("[^"]*"|'[^']*')""")
APART = re.compile(r"<(code|kbd|script|style)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
TRANSLATING = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})
SPOKEN = re.compile(r"^[A-Z][a-z]|\s")
"""What an argument of a macro looks like where it is said: it begins with a capital, or has several words."""
SAME_EVERYWHERE = frozenset({"Multilabelfy", "SHA", "Vega-Lite", "LaTeX"})
"""Names that every language keeps, as they stand in templates."""
NOT_SAID = frozenset({"main_class", "body_class", "state_of", "invalid", "wrong"})
"""Blocks and macros that write a part of a tag."""


def bare_texts(template: str) -> list[str]:
    """The words and quotation marks, in the order of the template.

    >>> bare_texts('<p title="Ada">{{ _("Hello") }} <kbd>Enter</kbd> you{{ " two" if x else "" }} {{ field("name", "Your name") }}</p>')
    ['Your name', 'Ada', 'you', 'two']
    """
    tree = Environment(extensions=[InternationalizationExtension], autoescape=True).parse(template)
    return [*_arguments(tree), *_words_of_page("".join(_pieces(tree)))]


def _words_of_page(html: str) -> Iterator[str]:
    shown = APART.sub(" ", html)
    for text in (*HEARD.findall(shown), TAG.sub(" ", shown)):
        yield from (word for word in WORD.findall(re.sub(r"&\w+;", " ", text)) if word not in SAME_EVERYWHERE)


def _pieces(node: nodes.Node) -> Iterator[str]:
    """The template as it is written out, with the strings that its expressions may say in their places."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            yield from _pieces(part) if isinstance(part, nodes.TemplateData) else _said(part)
    elif not (isinstance(node, nodes.Block | nodes.Macro) and node.name in NOT_SAID):
        for child in node.iter_child_nodes():
            yield from _pieces(child)


def _said(node: nodes.Node) -> Iterator[str]:
    """The constant strings that an expression may come to; what is called or looked up says none."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            yield from _said(branch) if branch is not None else ()
    elif isinstance(node, nodes.Concat | nodes.BinExpr | nodes.MarkSafeIfAutoescape):
        for child in node.iter_child_nodes():
            yield from _said(child)


def _arguments(tree: nodes.Node) -> Iterator[str]:
    """What is handed to macros and set under names, and looks as if it were said."""
    for call in tree.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING):
            for given in (*call.args, *(keyword.value for keyword in call.kwargs)):
                yield from filter(_is_spoken, _said(given))
    values = [assigned.node for assigned in tree.find_all(nodes.Assign)]
    for value in (*values, *(one for opened in tree.find_all(nodes.With) for one in opened.values)):
        yield from filter(_is_spoken, _said(value))


def _is_spoken(text: str) -> bool:
    return bool(SPOKEN.search(text)) and text not in SAME_EVERYWHERE
