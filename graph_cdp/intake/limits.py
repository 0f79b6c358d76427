"""How much one message may hold, and why, by whichever door it comes. Those of Segment are kept, so that its clients fit."""

EVENT_BYTES_MAX = 32 * 1024
"""One message as compact JSON (UTF-8), with what it takes from its batch. Segment's limit: its clients refuse more."""

MESSAGE_ID_CHARACTERS_MAX = 100
"""Segment's limit; the id is indexed."""

NAME_CHARACTERS_MAX = 500
"""The name of an event, page or screen, or of a purpose: they are read in lists and menus."""

TEXT_CHARACTERS_MAX = 2_000
"""A text of a fact, such as the name of an article, a link, the subject of a case: it becomes a property."""

SIGNAL_CHARACTERS_MAX = 8_000
"""A consent string of IAB's TCF has some hundred characters, with all vendors some thousand."""

KEY_BYTES_MAX = 1_024
"""The number that a source gives an order, an article, a store: it is indexed. As long as an identifier may be."""

JSON_DEPTH_MAX = 32
"""Objects and arrays inside one another, the message itself being the first. No client nests deeper than 10."""
