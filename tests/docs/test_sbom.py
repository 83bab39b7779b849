"""A release's bills of materials name what is installed with it, whatever that needs in turn, and nothing that only the tests need."""

import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytest.importorskip("cyclonedx_py", reason="needs the extra `dev`")

from scripts.sbom import ROOT, Bill, applies, extras_for_users, installed, named, needed, reduced

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def everything() -> Bill:
    return installed(is_checked=False)


def direct(lines: list[str]) -> set[str]:
    """What is written in pyproject.toml and meant for this machine."""
    return {str(canonicalize_name(one.name)) for one in map(Requirement, lines) if applies(one, ("",))}


def test_every_dependency_stands_in_a_bill_of_materials(everything: Bill) -> None:
    extras = [extra for extra in extras_for_users() if direct(PROJECT["optional-dependencies"][extra]) <= named(everything)]
    base, with_extras = reduced(everything, needed(())), reduced(everything, needed(extras))
    assert direct(PROJECT["dependencies"]) <= named(base)
    assert "starlette" in named(base)  # as FastAPI needs it
    assert len(extras) > 5
    for extra in extras:
        assert direct(PROJECT["optional-dependencies"][extra]) <= named(with_extras), extra
    assert {"mypy", "pytest", "playwright"}.isdisjoint(named(with_extras))
    assert "torch" not in named(base)


def test_a_bill_says_which_version_and_what_needs_what(everything: Bill) -> None:
    bill = reduced(everything, needed(()))
    of_package = {component["name"].lower(): component for component in bill["components"]}
    assert of_package["fastapi"]["version"] == version("fastapi")
    refs = {component["bom-ref"] for component in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    assert {ref for entry in bill["dependencies"] for ref in (entry["ref"], *entry.get("dependsOn", ()))} == refs
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    assert of_package["starlette"]["bom-ref"] in needs[of_package["fastapi"]["bom-ref"]]
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "multilabelfy")


def test_the_target_installs_every_extra_that_users_have() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"'.[{','.join(extras_for_users())},dev]'" in makefile
