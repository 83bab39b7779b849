"""What docs/annotation.md shows works as it stands there."""

import io
import json
import re
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

from multilabelfy.annotation.machines import read_answers
from multilabelfy.annotation.model import Vote
from multilabelfy.dataset.model import Label
from multilabelfy.inference.machine_raters import asked, open_machine

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "annotation.md").read_text()
LABELS = (Label(4, "n4", ("cat", "tabby")), Label(7, "n7", ("dog",)))


def test_the_machine_of_the_page_asks_about_all_labels_at_once_and_its_answers_are_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.M | re.S)
    (tmp_path / "machine_of_the_page.py").write_text(code)
    sent: list[str] = []

    def replied(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        assert isinstance(request.data, bytes)
        sent.append(json.loads(request.data)["messages"][0]["content"][0]["text"])
        return io.BytesIO(json.dumps({"choices": [{"message": {"content": '["yes", "no"]'}}]}).encode())

    monkeypatch.setattr(urllib.request, "urlopen", replied)
    monkeypatch.setenv("VLM_URL", "http://127.0.0.1/chat")
    machine = open_machine("python:machine_of_the_page:look", folder=tmp_path)
    answers = read_answers(asked(machine, Image.new("RGB", (4, 3)), LABELS), [4, 7])
    assert answers == {4: Vote.YES, 7: Vote.NO}
    [text] = sent
    assert text.endswith("cat or tabby; dog")
