"""Write what a release is made with as CycloneDX: the base install, and all that its extras add, as installed where the tests ran.

make sbom      # dist/multilabelfy-VERSION.cdx.json and dist/multilabelfy-VERSION-extras.cdx.json
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from multilabelfy import __version__  # noqa: E402

DIST = ROOT / "dist"
TOOLS = "dev"
"""The extra with what tests and builds need: nobody who uses Multilabelfy installs it."""
Bill = dict[str, Any]


def main() -> None:
    """Write both bills into `dist`."""
    extras = extras_for_users()
    everything = installed()
    if missing := sorted(needed(extras) - named(everything)):
        sys.exit(f"Not installed here, so that no bill would have it: {', '.join(missing)}. Run: pip install '.[{','.join(extras)}]'")
    DIST.mkdir(exist_ok=True)
    for suffix, wanted in (("", ()), ("-extras", extras)):
        bill = reduced(everything, needed(wanted))
        place = DIST / f"multilabelfy-{__version__}{suffix}.cdx.json"
        place.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
        print(f"{place.relative_to(ROOT)}: {len(bill['components'])} packages")


def extras_for_users() -> list[str]:
    """All extras but that of the tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [extra for extra in project["optional-dependencies"] if extra != TOOLS]


def needed(extras: Collection[str]) -> set[str]:
    """The names of all packages that Multilabelfy needs with these extras on this machine, and that they need in turn."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    seen: set[tuple[str, frozenset[str]]] = set()
    open_ones = [Requirement(line) for line in written]
    while open_ones:
        requirement = open_ones.pop()
        step = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if step not in seen and applies(requirement, ("",)):
            seen.add(step)
            open_ones += [inner for inner in required_by(requirement.name) if applies(inner, ("", *requirement.extras))]
    return {name for name, _ in seen}


def applies(requirement: Requirement, extras: Iterable[str]) -> bool:
    """Whether it is needed on this machine, with one of these extras of whoever needs it."""
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)


def required_by(name: str) -> list[Requirement]:
    """What an installed package needs; nothing if it is not installed."""
    try:
        return [Requirement(line) for line in requires(name) or ()]
    except PackageNotFoundError:
        return []


def installed(*, is_checked: bool = True) -> Bill:
    """The bill of everything that is installed here, by the tool of CycloneDX's own project, held against its schema if `is_checked`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.json"
        options = ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "-o", str(file)]
        options += [] if is_checked else ["--no-validate"]
        subprocess.run([sys.executable, "-m", "cyclonedx_py", "environment", *options, sys.executable], check=True)
        bill: Bill = json.loads(file.read_text(encoding="utf-8"))
    return bill


def named(bill: Bill) -> set[str]:
    """The names of the packages in a bill."""
    return {str(canonicalize_name(component["name"])) for component in bill["components"]}


def reduced(bill: Bill, names: Collection[str]) -> Bill:
    """The bill with these packages alone, of this version."""
    components = [component for component in bill["components"] if canonicalize_name(component["name"]) in names]
    root = {**bill["metadata"]["component"], "version": __version__}
    kept = {root["bom-ref"], *(component["bom-ref"] for component in components)}
    return {
        **bill,
        "metadata": {**bill["metadata"], "component": root},
        "components": components,
        "dependencies": [_among(entry, kept) for entry in bill["dependencies"] if entry["ref"] in kept],
    }


def _among(entry: Mapping[str, Any], kept: Collection[str]) -> dict[str, Any]:
    """Of what a package depends on, what is in the bill."""
    within = [ref for ref in entry.get("dependsOn", ()) if ref in kept]
    return {"ref": entry["ref"], **({"dependsOn": within} if within else {})}


if __name__ == "__main__":
    main()
