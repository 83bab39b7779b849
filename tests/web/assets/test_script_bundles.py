"""The modules of a page travel as one script, each in its own scope, behind what it needs."""

from graphlib import TopologicalSorter

import pytest

from multilabelfy.web.assets.script_bundles import bundles, imports
from multilabelfy.web.assets.static_files import STATIC

GREET = 'const NAME = "one";\nexport function greet() {\n  return NAME;\n}\n'
PAGE = 'import { greet } from "./greet.js";\nimport "./extra-thing.js";\nconst NAME = "two";\ngreet();\n'
EXTRA = 'import { greet } from "./greet.js";\nexport class Extra {}\nexport const SIX = 6;\n'


def test_a_module_stands_once_behind_those_that_it_imports() -> None:
    (name, text), *others = bundles({"page.js": PAGE, "greet.js": GREET, "extra-thing.js": EXTRA}).items()
    assert (name, others) == ("page.js", [])
    places = [text.index(start) for start in ("const $greet = (", "const $extra_thing = (", "const $page = (")]
    assert places == sorted(places)
    assert text.count("function greet") == 1
    assert "const { greet } = $greet;" in text
    assert "return { Extra, SIX };" in text
    assert "import" not in text


@pytest.mark.parametrize("odd", ['import x from "./greet.js";', 'export { greet } from "./greet.js";', "export default class {}"])
def test_a_form_that_cannot_be_joined_is_refused(odd: str) -> None:
    with pytest.raises(LookupError, match=r"Cannot join js/page.js"):
        bundles({"page.js": f"{odd}\n", "greet.js": GREET})


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(LookupError, match=r"no script 'js/none.js', which page.js imports"):
        bundles({"page.js": 'import "./none.js";\n'})


def test_modules_in_a_circle_are_refused() -> None:
    circle = {"page.js": 'import "./a.js";\n', "a.js": 'import "./b.js";\n', "b.js": 'import "./a.js";\n'}
    with pytest.raises(LookupError, match=r"circle: page.js → a.js → b.js → a.js"):
        bundles(circle)


def test_a_circle_through_folders_that_no_page_imports_is_refused_too() -> None:
    circle = {"desk/keys.js": 'import "../page/words.js";\n', "page/words.js": 'import "../desk/keys.js";\n'}
    with pytest.raises(LookupError, match=r"circle: desk/keys.js → page/words.js → desk/keys.js"):
        bundles(circle)


def test_a_module_takes_from_its_own_folder_and_from_a_neighbouring_one() -> None:
    scripts = {
        "annotate/page.js": 'import { press } from "../desk/keys.js";\nimport { say } from "./keys.js";\n',
        "annotate/keys.js": "export function say() {}\n",
        "desk/keys.js": "export function press() {}\n",
    }
    ((name, text),) = bundles(scripts).items()
    assert name == "annotate/page.js"
    assert "const { press } = $desk$keys;" in text
    assert "const { say } = $annotate$keys;" in text


@pytest.mark.parametrize("address", ["../../app.js", "../desk/../../app.js", "../../js/desk/keys.js"])
def test_an_import_that_leaves_the_folder_of_scripts_is_refused(address: str) -> None:
    with pytest.raises(LookupError, match=r"in js/desk/page.js leaves js/"):
        bundles({"desk/page.js": f'import "{address}";\n', "desk/keys.js": "", "app.js": ""})


@pytest.mark.parametrize("address", ["/desk/keys.js", "desk/keys.js", "https://elsewhere.example/keys.js"])
def test_an_import_names_its_module_from_where_it_stands(address: str) -> None:
    with pytest.raises(LookupError, match=r"Cannot join js/desk/page.js"):
        bundles({"desk/page.js": f'import "{address}";\n', "desk/keys.js": ""})


def test_the_folders_of_the_scripts_import_each_other_one_way() -> None:
    folders: dict[str, set[str]] = {}
    for path in (STATIC / "js").rglob("*.js"):
        name = path.relative_to(STATIC / "js").as_posix()
        folder, needed = name.rpartition("/")[0], {module.rpartition("/")[0] for _, module in imports(name, path.read_text("utf-8"))}
        folders.setdefault(folder, set()).update(needed - {folder})
    order = [*TopologicalSorter(folders).static_order()]  # raises where there is a circle
    assert order.index("page") < order.index("desk/sheet") < order.index("desk") < min(order.index("annotate"), order.index("refine"))
