"""Show a report, or one of its findings, in a notebook: `shown(report)` as the last line of a cell."""

from dataclasses import dataclass
from html import escape

from multilabelfy.report.findings import Finding, Report
from multilabelfy.report.rendering import section


@dataclass(frozen=True, slots=True)
class NotebookHtml:
    """HTML that a notebook displays instead of the value's text."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def shown(reported: Report | Finding) -> NotebookHtml:
    """A finding with its title, figure and table; a report with its summary, then every finding."""
    return NotebookHtml(section(reported) if isinstance(reported, Finding) else _whole(reported))


def _whole(report: Report) -> str:
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in report.summary)
    return f"<h1>{escape(report.title)}</h1><ul>{sentences}</ul>" + "".join(section(finding) for finding in report.findings)
