"""Which edges of evidence lie between clusters that may not be one person.

The graph is bipartite: clusters, and the evidence that touches them. A piece of evidence is on a simple path
between two clusters exactly when it belongs to a biconnected block on the way from one to the other in the tree
of blocks (Harary and Prins 1966; the blocks by Hopcroft and Tarjan 1973). So one walk over that tree finds
every contested piece, where listing the paths would take time exponential in their number.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Graph = Sequence[Sequence[int]]
"""Neighbours of each vertex, by number; the graph is connected."""


def blocks_of(graph: Graph) -> list[list[int]]:
    """The biconnected blocks of a connected graph of two vertices or more, each as its vertices.

    A bridge is a block of two vertices. Iterative, linear in vertices and edges.
    """
    found: list[list[int]] = []
    order = [-1] * len(graph)
    low = [0] * len(graph)
    order[0] = 0
    seen = 1
    open_vertices = [0]
    path: list[tuple[int, int]] = [(0, -1)]
    next_edge = [0] * len(graph)
    while path:
        vertex, parent = path[-1]
        if next_edge[vertex] < len(graph[vertex]):
            neighbour = graph[vertex][next_edge[vertex]]
            next_edge[vertex] += 1
            if order[neighbour] < 0:
                order[neighbour] = low[neighbour] = seen
                seen += 1
                open_vertices.append(neighbour)
                path.append((neighbour, vertex))
            else:  # also the way back to the parent: it lies no higher than what makes a block
                low[vertex] = min(low[vertex], order[neighbour])
            continue
        path.pop()
        if parent >= 0:
            low[parent] = min(low[parent], low[vertex])
            if low[vertex] >= order[parent]:
                found.append([*_pop_until(open_vertices, vertex), parent])
    return found


def _pop_until(stack: list[int], last: int) -> list[int]:
    place = len(stack) - 1
    while stack[place] != last:
        place -= 1
    popped = stack[place:]
    del stack[place:]
    return popped


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTree:
    """Vertices and blocks as one rooted tree, in preorder: a node comes before what hangs below it.

    `nodes` are the vertices by their number and the blocks as `-1 - number`; `parent` and `end` are places in
    `nodes`: what hangs below the node at place p lies in p .. end[p] - 1.
    """

    blocks: list[list[int]]
    nodes: list[int]
    parent: list[int]
    end: list[int]


def block_tree(graph: Graph) -> BlockTree:
    """The tree of blocks of a connected graph, rooted at vertex 0."""
    blocks = blocks_of(graph)
    blocks_at: list[list[int]] = [[] for _ in graph]
    for number, block in enumerate(blocks):
        for vertex in block:
            blocks_at[vertex].append(number)
    nodes: list[int] = []
    parent: list[int] = []
    waiting = [(0, -1)]
    while waiting:
        node, above = waiting.pop()
        place = len(nodes)
        nodes.append(node)
        parent.append(above)
        came_from = nodes[above] if above >= 0 else None
        below = [-1 - number for number in blocks_at[node]] if node >= 0 else blocks[-1 - node]
        waiting.extend((child, place) for child in below if child != came_from)
    end = [place + 1 for place in range(len(nodes))]
    for place in range(len(nodes) - 1, 0, -1):
        end[parent[place]] = max(end[parent[place]], end[place])
    return BlockTree(blocks=blocks, nodes=nodes, parent=parent, end=end)


def between(
    tree: BlockTree, class_of: Mapping[int, int], opposing: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """The vertices on a simple path between two that oppose each other, each with such a pair (for one, of many).

    `class_of` gives classes to some vertices; `opposing[c]` has the bits of the classes that oppose class c.
    The ends of a path are on it.
    """
    walk = _Walk(tree, class_of, opposing)
    found: dict[int, tuple[int, int]] = {}
    for place in range(1, len(tree.nodes)):
        pair = walk.crossing(place)
        if pair is None:
            continue
        # An edge of the tree joins a vertex and a block, either of them above.
        block = min(tree.nodes[place], tree.nodes[tree.parent[place]])
        for vertex in tree.blocks[-1 - block]:
            found.setdefault(vertex, pair)
    return found


class _Walk:
    """Which classes lie below, and which outside, each node of the tree, as bits of numbers."""

    def __init__(self, tree: BlockTree, class_of: Mapping[int, int], opposing: Sequence[int]) -> None:
        self.tree = tree
        self.opposing = opposing
        count = len(tree.nodes)
        self.places: list[list[int]] = [[] for _ in opposing]
        self.below = [0] * count
        self.opposed_below = [0] * count
        for place, node in enumerate(tree.nodes):
            if node in class_of:
                self.places[class_of[node]].append(place)
                self.below[place] = 1 << class_of[node]
                self.opposed_below[place] = opposing[class_of[node]]
        self.before = [0] * (count + 1)
        self.after = [0] * (count + 1)
        for place in range(count):
            self.before[place + 1] = self.before[place] | self.below[place]
        for place in reversed(range(count)):
            self.after[place] = self.after[place + 1] | self.below[place]
        for place in range(count - 1, 0, -1):
            self.below[tree.parent[place]] |= self.below[place]
            self.opposed_below[tree.parent[place]] |= self.opposed_below[place]

    def crossing(self, place: int) -> tuple[int, int] | None:
        """Two opposing vertices, one below this node and one outside; None when there are none."""
        end = self.tree.end[place]
        outside = self.opposed_below[place] & (self.before[place] | self.after[end])
        if not outside:
            return None
        other = _lowest(outside)
        mine = _lowest(self.below[place] & self.opposing[other])
        inside = self.places[mine][bisect_left(self.places[mine], place)]
        beyond = self.places[other]
        first = beyond[0] if not place <= beyond[0] < end else beyond[bisect_left(beyond, end)]
        return self.tree.nodes[inside], self.tree.nodes[first]


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
