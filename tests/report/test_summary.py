"""A summary leads: how far the study is, the headline over all of its images, and no more than a few sentences beside them."""

from dataclasses import replace

from tests.report.reports import NOW, labelled, material

from multilabelfy.evaluation.labels.label_counts import several_labels
from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress
from multilabelfy.refinement.label_sources import LabelSource
from multilabelfy.report.about_labels.label_counts import headline, progress_sentence, several_labels_finding
from multilabelfy.report.findings import Subject
from multilabelfy.report.story import MOST_IN_SUMMARY, told

HALFWAY = ImagesByProgress(drawn=CountedImages(80, 40), n_begun=15, n_untouched=100, n_others=5)
TOYS = Subject("Toys", 80)
FINISHED = several_labels(labelled([[0], [1, 2]] * 40).sets)


def test_a_summary_has_five_sentences_at_most() -> None:
    whole = told(material(), made_at=NOW, version="1")
    assert len(whole.summary) <= MOST_IN_SUMMARY < len(whole.findings)
    halfway = told(replace(material(), progress=HALFWAY), made_at=NOW, version="1")
    assert len(halfway.summary) == MOST_IN_SUMMARY
    assert halfway.summary[1:] == (headline(several_labels(material().labelled.sets), Subject("Toys"), HALFWAY), *whole.summary[1:])


def test_the_first_sentence_says_what_is_unfinished_and_what_it_can_do() -> None:
    assert progress_sentence(HALFWAY) == (
        "The study is not finished: 120 of 200 images (60.0%) have no final labels yet (15 begun but not decided, 100 not begun, "
        "5 not in the random queue), which leaves the share with several valid labels anywhere between 20.0% and 80.0%."
    )
    assert progress_sentence(ImagesByProgress(drawn=CountedImages(80, 40))) == "All 80 images have final labels."
    assert progress_sentence(ImagesByProgress(drawn=CountedImages(1, 0))) == "The only image has final labels."
    assert progress_sentence(ImagesByProgress()) == "There are no images."


def test_the_first_line_says_how_many_images_the_posterior_settled() -> None:
    assert progress_sentence(ImagesByProgress(drawn=CountedImages(80, 40)), 8) == (
        "All 80 images have final labels. The posterior of the votes settled 8 images."
    )
    half = replace(material(), progress=HALFWAY, sources={LabelSource.AGREED: 79, LabelSource.POSTERIOR: 1})
    assert told(half, made_at=NOW, version="1").summary[0].endswith("80.0%. The posterior of the votes settled 1 image.")


def test_the_headline_is_never_that_of_the_finished_images_alone() -> None:
    """(40 of 95 begun, weighted to 195) / 200 is 41.1%; with the 15 and the 5 it is 58.9%; Wilson's interval of 100 widens both ends."""
    sentence = headline(FINISHED, TOYS, HALFWAY)
    assert sentence.startswith("In Toys, between 31.9% and 68.1% of all 200 images have at least two valid labels")
    assert sentence.endswith("Of the 80 finished images alone, 50.0% have.")
    finding = several_labels_finding(FINISHED, TOYS, HALFWAY)
    assert finding.title.startswith("Between 32% and 68% of Toys’ 200 images have several valid labels")
    assert next(column.heading for column in finding.table.columns if column.name == "share") == "share of the finished images"


def test_a_finding_over_finished_images_says_so() -> None:
    assert TOYS.images == "Toys’ 80 finished images"
    assert str(TOYS) == "the finished part of Toys"
    assert str(Subject("", 3)) == "the finished part of this dataset"
    assert (TOYS.whole.images, str(TOYS.whole)) == ("Toys’ images", "Toys")
    halfway = told(replace(material(), progress=HALFWAY, subject=Subject("Toys", 150)), made_at=NOW, version="1")
    assert halfway.title == "What the labels of Toys say"
    about_labels = {slug for chapter in halfway.chapters if chapter.heading != "The people" for slug in chapter.slugs}
    for finding in halfway.findings:
        if finding.slug in about_labels:
            assert "finished" in f"{finding.title} {finding.subtitle}", finding.slug
