"""The whole demo, small: all four stages through the real workflows, near to the truth, repeatable, with something left for visitors."""

import ast
import io
import json
import shutil
import sys
from pathlib import Path

import pytest
from tests.demos import N_IMAGES, NOW, Commanded
from tests.recomputed import report as recomputed

from multilabelfy.annotation.model import Role
from multilabelfy.demo.campaign.cast import ANNOTATORS, EXPERTS
from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.drawing.picture import draw
from multilabelfy.demo.drawing.references import reference
from multilabelfy.demo.making import QUALITY, MadeDataset, scenes
from multilabelfy.demo.running import MARKER, SEED, Demo, run_demo, standing
from multilabelfy.errors import InvalidInput
from multilabelfy.settings import Settings, load_settings
from multilabelfy.workflows.annotating import desk as annotating
from multilabelfy.workflows.owning import configuring, overview
from multilabelfy.workflows.refining import desk as refining
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.reporting import made
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import opened

pytestmark = pytest.mark.long("the first of them makes the demo")


def settings(folder: Path) -> Settings:
    return load_settings(folder)


def labels_in(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def made_in(folder: Path) -> Demo:
    return run_demo(settings(folder), now=NOW, n_images=N_IMAGES)


def test_final_labels_are_near_the_truth_though_annotators_err(demo: Demo) -> None:
    final, truth = labels_in(demo.final_labels), labels_in(demo.truth)
    assert final.keys() <= truth.keys()
    assert len(final) == demo.n_released >= 0.6 * N_IMAGES
    found = sum(len(set(final[image]) & set(truth[image])) for image in final)
    assert found / sum(map(len, final.values())) >= 0.9
    assert found / sum(len(truth[image]) for image in final) >= 0.8


def test_the_report_says_how_many_images_have_several_labels(demo: Demo) -> None:
    final = labels_in(demo.final_labels)
    several = sum(len(labels) > 1 for labels in final.values()) / len(final)
    html = demo.report.read_text(encoding="utf-8")
    assert f"{several:.1%}" in html
    assert "http" not in html.split("<body")[0].replace("http-equiv", "").replace("www.w3.org", "")


@pytest.fixture(scope="module")
def exports(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo's report can be recomputed from."""
    folder = tmp_path_factory.mktemp("exports")
    with opened(settings(demo.workspace)) as workspace:
        for file in recomputed.NEEDED:
            card = demo.report.parent / file
            if card.exists():  # a report's folder has the data cards, which take as long as the report
                shutil.copy(card, folder)
            else:
                export(workspace, "demo", Path(file).stem, folder / file)
    [asked] = (demo.workspace / "simulated").iterdir()
    shutil.copy(asked, folder / "ways-to-ask.csv")
    return folder


def test_every_printed_figure_is_what_the_exports_say(demo: Demo, exports: Path) -> None:
    assert recomputed.differences(exports, demo.report.parent) == []


@pytest.mark.parametrize(
    ("slug", "row", "column", "by", "problem"),
    [
        ("models", 0, 1, 1e-6, "looker, top1: it is printed as"),  # a closed form
        ("agreement", 4, 2, 0.1, "Fleiss’ kappa, value_low: an interval is printed to end at"),  # a resampled interval
        ("headline-by-posterior", 2, 1, 0.01, "several, share: it is printed as"),  # a fit
        ("reveal", 0, 1, 1, "changed the set, answers: it is printed as"),  # out of the experts' decisions
    ],
)
def test_a_printed_figure_that_the_exports_do_not_bear_out_is_found(
    demo: Demo, exports: Path, tmp_path: Path, slug: str, row: int, column: int, by: float, problem: str
) -> None:
    printed = json.loads((demo.report.parent / "report.json").read_text(encoding="utf-8"))
    finding = next(finding for finding in printed["findings"] if finding["slug"] == slug)
    finding["table"]["rows"][row][column] += by
    (tmp_path / "report.json").write_text(json.dumps(printed), encoding="utf-8")
    found = recomputed.differences(exports, tmp_path)
    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize(
    ("slug", "told", "instead", "problem"),
    [
        ("headline-by-rule", "42% to 53%", "42% to 54%", "headline-by-rule, “By the votes alone, 42% to 54%"),
        ("winners", "No single", "1 single", "winners, “1 single valid label"),
        ("", "19 of 60 images", "18 of 60 images", "“The study is not finished: 18 of 60"),
        ("", "48.8% have", "48.9% have", "“In demo, between"),
        ("", "(28 by annotators", "(27 by annotators", "methods, Labels and release: in “{} by annotators who agreed” it tells ['27']"),
        ("", "with 2 decoys", "with 3 decoys", "methods, 2 Annotation: the data card does not say this in the same words"),
        ("", "Two annotators", "Three annotators", "the summary: it tells “Three annotators"),
    ],
)
def test_a_number_in_a_title_in_the_summary_or_under_methods_that_nobody_recomputes_is_found(
    demo: Demo, exports: Path, tmp_path: Path, slug: str, told: str, instead: str, problem: str
) -> None:
    printed = json.loads((demo.report.parent / "report.json").read_text(encoding="utf-8"))
    for finding in printed["findings"]:
        finding["title"] = finding["title"].replace(told, instead) if finding["slug"] == slug else finding["title"]
    printed["summary"] = [line if slug else line.replace(told, instead) for line in printed["summary"]]
    printed["methods"] = [[heading, text if slug else text.replace(told, instead)] for heading, text in printed["methods"]]
    (tmp_path / "report.json").write_text(json.dumps(printed), encoding="utf-8")
    [found] = recomputed.differences(exports, tmp_path)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("slug", "told", "instead", "problem"),
    [
        ("several-labels", "The mean is 1.878", "The mean is 1.879", "in “The mean is {} labels per image” it tells ['1.879'], and should"),
        ("accuracy-by-number-of-labels", "ReaL by −2.73", "ReaL by −2.74", "in “top-1 changes by {} ({} to {}) points and ReaL by"),
        ("agreement", "Many easy noes raise", "Seven in 10 easy noes raise", "nobody recomputes 10 in “"),
        ("reveal", "Intervals are Wilson’s.", "Intervals are Wilson’s (1927).", "nobody recomputes 1927 in “"),
    ],
)
def test_a_figure_below_a_title_that_is_not_what_the_exports_say_is_found(
    demo: Demo, exports: Path, tmp_path: Path, slug: str, told: str, instead: str, problem: str
) -> None:
    printed = json.loads((demo.report.parent / "report.json").read_text(encoding="utf-8"))
    finding = next(finding for finding in printed["findings"] if finding["slug"] == slug)
    finding["definition"] = finding["definition"].replace(told, instead)
    (tmp_path / "report.json").write_text(json.dumps(printed), encoding="utf-8")
    found = recomputed.differences(exports, tmp_path)
    assert found
    assert found[0].startswith(f"{slug}, below its title: {problem}")


def test_a_number_in_a_figure_that_no_row_has_is_found(demo: Demo, exports: Path, tmp_path: Path) -> None:
    shutil.copytree(demo.report.parent, tmp_path / "report")
    figure = tmp_path / "report" / "figures" / "kinds.json"
    figure.write_text(figure.read_text(encoding="utf-8").replace("12 (60.0%)", "12 (61.0%)"), encoding="utf-8")
    assert recomputed.differences(exports, figure.parents[1]) == ["kinds, its figure: nobody recomputes 61.0 in “12 (61.0%)”"]


def test_whatever_recomputes_a_report_imports_nothing_of_what_made_it() -> None:
    imported = {
        name
        for path in Path(recomputed.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    rule = {"multilabelfy.refinement.empty_reasons"}  # which reasons keep pictures back is no figure
    beyond = {name.split(".")[0] for name in imported - rule} - sys.stdlib_module_names
    assert beyond == {"numpy", "scipy", "tests"}
    assert all(name.split(".")[1:2] == ["recomputed"] for name in imported if name.startswith("tests"))


def test_visitors_find_pictures_to_annotate_disputes_to_decide_and_a_report(demo: Demo) -> None:
    with opened(settings(demo.workspace)) as workspace:
        visitor = people.invite(workspace, "Visitor", Role.ANNOTATOR, NOW).person
        expert = people.invite(workspace, "Visiting expert", Role.EXPERT, NOW).person
        sheets = annotating.next_work(workspace, "demo", visitor, NOW).sheets
        case = refining.next_work(workspace, "demo", expert, NOW).case
    assert len(sheets) > 1
    assert all(option.strip for option in sheets[0].options())
    assert case is not None


def test_every_stage_has_taken_place_under_the_blind_protocol(demo: Demo) -> None:
    with opened(settings(demo.workspace)) as workspace:
        status = overview.statuses(workspace)[0]
        guidelines = configuring.guidelines_of(workspace, "demo").shown
        report = made.made_report(workspace, "demo")
    counts = {str(state): n for state, n in status.counts.items()}
    assert sum(counts.values()) == N_IMAGES
    assert min(counts["agreed"], counts["refined"], counts["disputed"], counts["open"]) > 0
    assert (guidelines.version, "look-alikes" in guidelines.text.lower()) == (1, True)
    assert report is not None
    assert "blind" in demo.report.read_text(encoding="utf-8")


def test_the_same_seed_draws_the_same_pictures(demo: Demo) -> None:
    """In this process, whose sets are in another order than the command's. So are its answers: their figures stand above."""
    made = MadeDataset(demo.workspace / "dataset", scenes(SEED, N_IMAGES))
    assert labels_in(demo.truth) == {scene.name: [str(label) for label in scene.truth] for scene in made.scenes}
    pictures = {made.images / made.scenes[0].name: made.scenes[0].composition, made.references / "taxi" / "1.jpg": reference("taxi", 0)}
    for path, composition in pictures.items():
        drawn = io.BytesIO()
        draw(composition).save(drawn, "JPEG", quality=QUALITY)
        assert drawn.getvalue() == path.read_bytes()


def test_a_second_run_finds_the_demo_that_is_there_and_makes_nothing(demo: Demo) -> None:
    before = {path: path.stat().st_mtime_ns for path in demo.workspace.rglob("*") if path.is_file() and ".db" not in path.name}
    again = made_in(demo.workspace)
    assert not again.is_new
    assert again.paths() == demo.paths()
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_dataset_lies_there_as_a_person_would_have_it_with_a_credit(demo: Demo) -> None:
    folder = demo.workspace / "dataset"
    assert len(list((folder / "images").iterdir())) == N_IMAGES
    given = (folder / "given.csv").read_text(encoding="utf-8").splitlines()
    assert (given[0], len(given)) == ("image,label", N_IMAGES + 1)
    keys = [line.split(",")[0] for line in (folder / "labels.csv").read_text(encoding="utf-8").splitlines()[1:]]
    assert [label.key for label in label_space().labels] == keys
    assert all(len(list((folder / "reference" / key).iterdir())) == 4 for key in keys)
    assert "CC BY-SA 4.0" in (folder / "CREDIT.txt").read_text(encoding="utf-8")


def test_the_people_are_five_annotators_and_two_experts() -> None:
    assert (len(ANNOTATORS), len(EXPERTS)) == (5, 2)
    worst_expert = max(expert.miss_faint for expert in EXPERTS.values())
    assert all(annotator.miss_faint > worst_expert for annotator in ANNOTATORS.values())


def test_a_folder_that_the_demo_did_not_make_is_refused_and_left_alone_also_with_fresh(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    for fresh in (False, True):
        with pytest.raises(InvalidInput, match="the demo did not make"):
            run_demo(settings(tmp_path), now=NOW, fresh=fresh, n_images=N_IMAGES)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_marker_that_something_else_wrote_is_no_permission_to_remove(tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text('{"made_by": "somebody"}')
    with pytest.raises(InvalidInput, match="the demo did not make"):
        run_demo(settings(tmp_path), now=NOW, fresh=True, n_images=N_IMAGES)
    assert (tmp_path / MARKER).exists()


def test_a_demo_that_broke_off_says_how_to_make_it_anew(tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text('{"made_by": "multilabelfy demo", "is_complete": false}')
    assert standing(tmp_path) is None
    with pytest.raises(InvalidInput, match="--fresh"):
        made_in(tmp_path)


def test_fresh_makes_a_demo_anew_where_one_broke_off(commanded: Commanded) -> None:
    assert commanded.done.returncode == 0, commanded.done.stderr
    assert not (commanded.folder / "leftover").exists()


def test_a_database_elsewhere_is_refused_since_the_demo_keeps_its_own(tmp_path: Path) -> None:
    elsewhere = load_settings(tmp_path, database_url="postgresql://somewhere/study")
    with pytest.raises(InvalidInput, match="MULTILABELFY_DATABASE_URL"):
        run_demo(elsewhere, now=NOW)
