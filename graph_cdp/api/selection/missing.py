"""An object that is an error where it is not there."""

from collections.abc import Callable
from typing import Any

from graph_cdp.api.selection.shapes import Run, Shape


def or_error(shape: Shape, missing: Callable[[], Exception]) -> Shape:
    """The object of a shape that is not optional; where there is none, the error, which the plain way puts in its place."""

    def plain(values: Any, run: Run) -> Any:
        found = shape.plain(values, run)
        return missing() if found is None else found

    return Shape(shape.at, plain, shape.finish)
