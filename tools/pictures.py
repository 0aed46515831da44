"""Make the README's picture, docs/chain.png: `python tools/pictures.py`. Needs the `test` extra and Chromium."""

import sys
import tempfile
from pathlib import Path

import k2graph
from k2graph.views.site import write_site

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "chain.png"
#: The mechanism shown, whose page the README tells in words as well.
MECHANISM = "mgp-calcification-events"
#: As wide as a README is shown, so that its letters are not shrunk; pixels around the picture that belong to it.
WIDTH, MARGIN = 890, 14
sys.path.insert(0, str(ROOT / "tests"))

from browser import running  # noqa: E402  # the tests' browser, which stands in their folder


def main() -> None:
    """Photograph the chain of one mechanism, from its title to its last box."""
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        pages = Path(folder) / "pages"
        write_site(k2graph.open(), pages)
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=2, color_scheme="light")
        page.goto((pages / "mechanism" / f"{MECHANISM}.html").as_uri())
        title, chain = page.locator("h1").bounding_box(), page.locator(".chain").bounding_box()
        assert title is not None
        assert chain is not None
        top = title["y"] - MARGIN
        bottom = chain["y"] + chain["height"] + MARGIN
        page.screenshot(path=PICTURE, clip={"x": 0, "y": top, "width": WIDTH, "height": bottom - top})


if __name__ == "__main__":
    main()
