"""The script that draws figures live is made once, kept by its version, and handed out only as that version."""

from pathlib import Path

from multilabelfy.settings import load_settings
from multilabelfy.workflows.reporting.live_charts import keep_script, script_file, script_version
from multilabelfy.workflows.workspace import opened


def test_it_is_made_once_and_an_older_one_goes(tmp_path: Path) -> None:
    with opened(load_settings(tmp_path), create=True) as workspace:
        assert script_file(workspace, script_version()) is None
        workspace.charts.mkdir()
        (workspace.charts / "0.1.js").write_text("old")
        made = keep_script(workspace)
        assert "export{" in made.read_text(encoding="utf-8")[-100:]
        assert [path.name for path in workspace.charts.iterdir()] == [f"{script_version()}.js"]
        made.write_text("kept")
        assert keep_script(workspace).read_text() == "kept"
        assert script_file(workspace, script_version()) == made
        assert script_file(workspace, "0.1") is None
