"""Make the README's pictures, docs/map.png and docs/gap-map.png: `python tools/pictures.py`. Needs the `test` extra and Chromium."""

import sys
import tempfile
from pathlib import Path

import k2graph
from k2graph.views.site import write_site

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tests"))

from browser import running  # noqa: E402  # the tests' browser, which stands in their folder


def main() -> None:
    """Photograph the map, and the gap map of what human trials studied."""
    graph = k2graph.open()
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        pages = Path(folder) / "pages"
        write_site(graph, pages)
        graph.view().save(Path(folder) / "map.html")
        page = browser.new_page(viewport={"width": 1500, "height": 860})
        page.goto((Path(folder) / "map.html").as_uri())
        page.wait_for_timeout(800)
        page.screenshot(path=PICTURES / "map.png")
        page.set_viewport_size({"width": 1160, "height": 760})
        page.goto((pages / "gap-map.html").as_uri())
        page.select_option("#gap-tier", "k2g:tier-human-trials")
        page.locator(".tall").evaluate("(table) => { table.scrollTop = table.querySelectorAll('tr.kind')[3].offsetTop - 60; }")
        page.screenshot(path=PICTURES / "gap-map.png")


if __name__ == "__main__":
    main()
