"""The code of vis-network, which draws the map in a browser, as pyvis brings it."""

from functools import cache
from html.parser import HTMLParser

from ..errors import InputError


@cache
def vis_network() -> str:
    """The code of vis-network, as pyvis brings it: the longest script of a page that it makes.

    Raises:
        InputError: where pyvis makes a page without it.
    """
    from pyvis.network import Network

    scripts = _Scripts()
    scripts.feed(Network(cdn_resources="in_line").generate_html())
    text = max(scripts.texts, key=len, default="")
    if "vis-network" not in text:
        raise InputError("the map needs a pyvis that brings vis-network: pip install 'pyvis>=0.3.2,<0.4'")
    # A source map would be looked for beside the page.
    return text.replace("//# sourceMappingURL=", "// source map: ").replace("</script", "<\\/script")


class _Scripts(HTMLParser):
    """The scripts that stand in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a script, or something else."""
        self._inside = tag == "script"
        if self._inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        self._inside = False

    def handle_data(self, data: str) -> None:
        """Take in a part of a script."""
        if self._inside:
            self.texts[-1] += data
