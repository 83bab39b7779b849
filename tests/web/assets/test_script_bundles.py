"""The modules of a page travel as one script, each in its own scope, behind what it needs."""

import pytest

from multilabelfy.web.assets.script_bundles import bundles

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
