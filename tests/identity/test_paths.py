"""The tree of blocks against the plain meaning: walk every simple path of a small graph."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_cdp.identity.paths import between, block_tree, blocks_of

Edges = frozenset[tuple[int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    """A connected graph of two to nine vertices: a tree, and some edges more."""
    count = draw(st.integers(2, 9))
    edges = {(draw(st.integers(0, vertex - 1)), vertex) for vertex in range(1, count)}
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges |= {(min(pair), max(pair)) for pair in draw(st.lists(pairs, max_size=6)) if pair[0] != pair[1]}
    graph: list[list[int]] = [[] for _ in range(count)]
    for left, right in sorted(edges):
        graph[left].append(right)
        graph[right].append(left)
    return graph


def _simple_paths(graph: list[list[int]], end: int, path: list[int]) -> Iterator[list[int]]:
    if path[-1] == end:
        yield path
        return
    for neighbour in graph[path[-1]]:
        if neighbour not in path:
            yield from _simple_paths(graph, end, [*path, neighbour])


@settings(max_examples=500, deadline=None)
@given(graphs(), st.data())
def test_between_finds_exactly_the_vertices_on_simple_paths(
    graph: list[list[int]], data: st.DataObject
) -> None:
    vertices = st.sampled_from(range(len(graph)))
    class_of = data.draw(st.dictionaries(vertices, st.integers(0, 3)))
    opposed = data.draw(st.sets(st.sampled_from([(0, 1), (0, 2), (1, 2), (2, 3)])))
    opposing = [sum(1 << b for b in range(4) if (a, b) in opposed or (b, a) in opposed) for a in range(4)]
    expected = {
        vertex
        for left, a in class_of.items()
        for right, b in class_of.items()
        if opposing[a] >> b & 1
        for path in _simple_paths(graph, right, [left])
        for vertex in path
    }
    found = between(block_tree(graph), class_of, opposing)
    assert set(found) == expected
    for left, right in found.values():
        assert opposing[class_of[left]] >> class_of[right] & 1


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_each_edge_is_in_exactly_one_block(graph: list[list[int]]) -> None:
    blocks = blocks_of(graph)
    for left, neighbours in enumerate(graph):
        for right in neighbours:
            assert sum(left in block and right in block for block in blocks) == 1


def test_a_long_chain_needs_no_deep_stack() -> None:
    count = 20_000
    chain = [[v for v in (vertex - 1, vertex + 1) if 0 <= v < count] for vertex in range(count)]
    found = between(block_tree(chain), {0: 0, count - 1: 1}, [0b10, 0b01])
    assert len(found) == count
