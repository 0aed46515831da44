"""The notebook runs from its first cell to its figure, and answers show themselves in it."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from k2graph import resources

pytestmark = pytest.mark.slow


def test_the_tour_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(resources.ROOT / "docs" / "tutorial" / "tour.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "the notebook is kept without outputs"
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    kinds = [{kind for output in cell.outputs for kind in output.get("data", {})} for cell in notebook.cells if cell.cell_type == "code"]
    assert all(kinds)
    shown = "".join(output["data"].get("text/html", "") for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "<iframe srcdoc=" in shown
    assert "translation stops" in shown
    assert any("image/png" in each for each in kinds)
