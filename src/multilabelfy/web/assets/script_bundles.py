"""Serve the modules of a page as one script: a page makes one request instead of fifteen.

A module is wrapped into a function that returns what it exports, behind those it imports; nothing else in it changes. Ours use two
forms, `import { a, b } from "./name.js"` (or without names; `"../folder/name.js"` for another folder) and `export` before a function, class
or constant; anything else is refused.
"""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.{1,2}/[a-z0-9./-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
REFUSED = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundles(modules: Mapping[str, str]) -> dict[str, str]:
    """For each module that no other imports: the module and everything it needs, as one script.

    `modules` maps the file's path below `js/` ("desk/desk.js") to its text. Raises LookupError for a form that cannot be joined, for
    modules that import each other in a circle, and for an import that names no module or leaves `js/`.
    """
    orders = {name: _order(name, modules) for name in modules}
    imported = {needed for name, text in modules.items() for _, needed in imports(name, text)}
    return {name: _joined(orders[name], modules) for name in modules if name not in imported}


def imports(name: str, text: str) -> Iterator[tuple[str, str]]:
    """What a module imports, in its order: the names taken, as they are written, and the path of the other module below `js/`."""
    for names, address in IMPORT.findall(text):
        yield names, _resolved(name, address)


def _resolved(name: str, address: str) -> str:
    """The path below `js/` that an import names, seen from the folder of the module that imports it."""
    path = normpath(join(dirname(name), address))
    if path.startswith(".."):
        raise LookupError(f'"{address}" in js/{name} leaves js/: a script imports other scripts alone.')
    return path


def _joined(order: list[str], modules: Mapping[str, str]) -> str:
    return "\n".join(_wrapped(name, modules[name]) for name in order)


def _order(entry: str, modules: Mapping[str, str]) -> list[str]:
    """The module itself, after everything it needs."""
    order: list[str] = []
    _collect(entry, modules, order, ())
    return order


def _collect(name: str, modules: Mapping[str, str], order: list[str], above: tuple[str, ...]) -> None:
    """Put a module after those that it imports."""
    if name in above:
        raise LookupError(f"These modules import each other in a circle: {' → '.join([*above, name])}.")
    if name not in modules:
        raise LookupError(f"There is no script 'js/{name}', which {above[-1]} imports.")
    if name in order:
        return
    for _, needed in imports(name, modules[name]):
        _collect(needed, modules, order, (*above, name))
    order.append(name)


def _wrapped(name: str, text: str) -> str:
    names = ", ".join(exported for _, exported in EXPORT.findall(text))
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(lambda line: _taken(name, *line.groups()), text))
    odd = REFUSED.search(body)
    if odd:
        raise LookupError(f'Cannot join js/{name}: "{odd.group()}" is neither of the two forms that web/assets/script_bundles.py knows.')
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {names} }};\n}})();\n"


def _taken(name: str, names: str | None, address: str) -> str:
    return f"const {{{names}}} = {_variable(_resolved(name, address))};\n" if names else ""


def _variable(name: str) -> str:
    """A unique name for each path: folders keep a character that no file name has."""
    return "$" + name.removesuffix(".js").replace("/", "$").replace("-", "_")
