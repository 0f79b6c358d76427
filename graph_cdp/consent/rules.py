"""Which consent holds. Pure: a function of what was said, and when; never of when people were merged.

For each purpose, channel and contact point the newest statement wins, whichever of the holders made it. Consent that was
given for one contact point never extends to another. An objection without a contact point covers all of them until a record
of the same person states something later about one. Of two statements of one time the one that does not allow wins.
"""

from collections.abc import Iterable, Sequence

from graph_cdp.consent.model import EffectiveConsent, StatedConsent


def effective_consents(statements: Iterable[StatedConsent]) -> list[EffectiveConsent]:
    """What holds now, one a purpose, channel and contact point, sorted by them; the whole person first."""
    groups: dict[tuple[str, str], list[StatedConsent]] = {}
    for one in statements:
        groups.setdefault((one.purpose, one.channel), []).append(one)
    return [effective for _, group in sorted(groups.items()) for effective in _of_group(group)]


def _of_group(group: Sequence[StatedConsent]) -> Iterable[EffectiveConsent]:
    objection = max((one for one in group if one.about is None), key=_order, default=None)
    if objection:
        yield EffectiveConsent(about=None, decided_by=objection)
    for about in sorted({one.about for one in group if one.about is not None}):
        stated = [one for one in group if one.about == about]
        yield EffectiveConsent(about=about, decided_by=_decide(stated, objection))


def _decide(stated: Sequence[StatedConsent], objection: StatedConsent | None) -> StatedConsent:
    newest = max(stated, key=_order)
    if objection is None or objection.state == "given":
        return newest
    lifted = any(one.is_own and one.at > objection.at for one in stated)
    return newest if lifted else objection


def _order(statement: StatedConsent) -> tuple[int, bool, str]:
    return statement.at, statement.state != "given", statement.id
