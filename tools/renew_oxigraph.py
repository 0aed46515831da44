"""Renew the engine that recounts in pages, from its package as npm packs it.

    npm pack oxigraph@0.5.11
    python tools/renew_oxigraph.py oxigraph-0.5.11.tgz

Its two files for browsers go to src/k2graph/views/assets/oxigraph, the program compressed and else as they are, with the version. The
package brings no licence beside what it says of itself: LICENSE-MIT is that of the repository it is made of, and stays.
"""

import gzip
import json
import sys
import tarfile
from pathlib import Path

PLACE = Path(__file__).parents[1] / "src" / "k2graph" / "views" / "assets" / "oxigraph"


def renew(package: Path, place: Path = PLACE) -> str:
    """Write the files of a package, and return its version."""
    with tarfile.open(package) as files:

        def content(name: str) -> bytes:
            file = files.extractfile(f"package/{name}")
            if file is None:
                raise SystemExit(f"{package}: has no {name}")
            return file.read()

        described = json.loads(content("package.json"))
        if "MIT" not in described["license"]:
            raise SystemExit(f"{package}: is licensed as {described['license']}, not as MIT")
        place.mkdir(exist_ok=True)
        (place / "web.js").write_bytes(content("web.js"))
        # Without time and name, so that the same program gives the same bytes.
        (place / "web_bg.wasm.gz").write_bytes(gzip.compress(content("web_bg.wasm"), 9, mtime=0))
        (place / "VERSION").write_text(f"oxigraph {described['version']} ({described['license']})\n", encoding="utf-8")
    return str(described["version"])


if __name__ == "__main__":
    print(renew(Path(sys.argv[1])))
