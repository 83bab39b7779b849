"""Serve the modules of a page as one script: a page asks once instead of fifteen times.

A module is wrapped into a function that returns what it exports, behind those it imports; nothing else in it changes. Ours use two
forms, `import { a, b } from "./name.js"` (or without names) and `export` before a function, class or constant; anything else is refused.
"""

import re
from collections.abc import Mapping

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([a-z0-9-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
REFUSED = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundles(modules: Mapping[str, str]) -> dict[str, str]:
    """For each module that no other one imports, itself and all that it needs as one script.

    `modules` maps the file's name to its text. Raises LookupError for a form that cannot be joined, or a module that is not there.
    """
    imported = {name for text in modules.values() for _, name in IMPORT.findall(text)}
    return {name: _joined(name, modules) for name in modules if name not in imported}


def _joined(entry: str, modules: Mapping[str, str]) -> str:
    order: list[str] = []
    _collect(entry, modules, order, ())
    return "\n".join(_wrapped(name, modules[name]) for name in order)


def _collect(name: str, modules: Mapping[str, str], order: list[str], above: tuple[str, ...]) -> None:
    """Put a module behind those that it imports."""
    if name in above:
        raise LookupError(f"These modules import each other in a circle: {' → '.join([*above, name])}.")
    if name not in modules:
        raise LookupError(f"There is no script 'js/{name}', which {above[-1]} imports.")
    if name in order:
        return
    for _, needed in IMPORT.findall(modules[name]):
        _collect(needed, modules, order, (*above, name))
    order.append(name)


def _wrapped(name: str, text: str) -> str:
    names = ", ".join(exported for _, exported in EXPORT.findall(text))
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(_taken, text))
    odd = REFUSED.search(body)
    if odd:
        raise LookupError(f'Cannot join js/{name}: "{odd.group()}" is neither of the two forms that web/assets/script_bundles.py knows.')
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {names} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    names, module = found.groups()
    return f"const {{{names}}} = {_variable(module)};\n" if names else ""


def _variable(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")
