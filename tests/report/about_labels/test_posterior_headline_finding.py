"""What a report says of the headline by the posterior: its value, what makes it uncertain, and how much of the dataset it is about."""

from dataclasses import replace

from tests.report.reports import NOW, material

from multilabelfy.evaluation.posterior.headline import PosteriorHeadline
from multilabelfy.evaluation.posterior.share import PosteriorShare, WidthPart, share_of_parts
from multilabelfy.report.about_labels.posterior_headline import PARTS, posterior_headline_finding
from multilabelfy.report.findings import Subject
from multilabelfy.report.story import told

N = 5_000


def share(value: float, doubt: float = 0.0) -> PosteriorShare:
    return share_of_parts(value, N, {WidthPart.IMAGES: value * (1 - value) / N, WidthPart.DOUBT: doubt}, {WidthPart.MISSED: (0.0, 0.001)})


def headline(doubt: float = 0.0, n_untouched: int = 0, n_others: int = 0) -> PosteriorHeadline:
    shares = share(0.1), share(0.4), share(0.5, doubt)
    return PosteriorHeadline(*shares, N - 100, 100, n_untouched, n_others, n_annotators=7, n_missed=0.001)


def test_the_title_tells_the_share_and_what_makes_it_uncertain() -> None:
    finding = posterior_headline_finding(headline(), None, Subject("Toys"))
    assert finding.title == (
        "50.0% of Toys’ 5,000 images have several valid labels, by the posterior of the votes; the widest part of the interval is due to "
        "the choice of images"
    )
    assert "4,900 images of Toys by the votes of 7 annotators, 100 by known labels" in finding.subtitle


def test_a_title_says_less_where_the_posterior_doubts_more() -> None:
    """A variance of 0.01 is that of 25 images: Wilson's interval of a half of them is 31.7 to 68.3%."""
    finding = posterior_headline_finding(headline(doubt=0.01), None, Subject("Toys"))
    assert finding.title.startswith("Between 32% and 68% of Toys’ 5,000 images have several valid labels")
    assert finding.title.endswith("is due to the posterior’s own doubt")


def test_each_row_says_which_part_of_its_width_is_due_to_what() -> None:
    rows = posterior_headline_finding(headline(doubt=0.01), None, Subject()).table.records()
    assert [row["labels"] for row in rows] == ["none", "one", "several"]
    assert [row["share"] for row in rows] == [0.1, 0.4, 0.5]
    assert rows[0]["doubt"] == 0.0
    assert rows[2]["doubt"] == max(part for name, part in rows[2].items() if name in set(PARTS) and isinstance(part, float))


def test_images_that_nobody_answered_are_named_with_what_they_count_as() -> None:
    whole, part = (posterior_headline_finding(of, None, Subject("Toys")) for of in (headline(), headline(n_untouched=1, n_others=20)))
    assert "that nobody has begun" not in whole.definition
    assert "1 image that nobody has begun counts like those that came by the draw." in part.definition
    assert "20 other images without a vote may turn out either way." in part.definition
    assert "5,021 images" in part.title


def test_it_stands_beside_the_headline_of_released_labels_and_only_where_there_is_a_posterior() -> None:
    without, with_it = (told(replace(material(), by_posterior=of), made_at=NOW, version="1") for of in (None, headline()))
    assert "headline-by-posterior" not in {finding.slug for finding in without.findings}
    assert with_it.findings[0] == without.findings[0]
    assert with_it.summary == without.summary
    assert with_it.finding("headline-by-posterior").table.rows
