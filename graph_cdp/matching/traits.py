"""Traits: what a source says of a customer, cleaned for showing and for comparing, never guessed."""

import re
from collections.abc import Callable

from graph_cdp.matching.countries import country_code
from graph_cdp.matching.dates import birth_date
from graph_cdp.matching.identifiers import Normalised, normalise_identifier
from graph_cdp.matching.text import (
    TRAIT_BYTES_MAX,
    as_text,
    bytes_of,
    has_lone_surrogate,
    one_line,
    without_empty_fraction,
)

NOT_SAID = frozenset({
    "", "null", "(null)", "none", "nil", "undefined", "nan", "n/a", "#n/a", "unknown", "anonymous", "invalid",
    "[object object]", "{}", "[]", "-", "--", ".", "?", "(not set)", "not set", "inconnu", "non renseigné",
})  # fmt: skip
"""In lower case: what stands in a field of which the source knows nothing."""

NO_NAMES = frozenset({
    "client", "cliente", "customer", "client passage", "client de passage", "client comptoir", "client magasin", "client divers",
    "client inconnu", "client anonyme", "vente comptoir", "vente au comptoir", "sans nom", "walk-in", "walk in", "walk-in customer",
    "walk in customer", "cash customer", "cash sale", "guest customer", "guest user", "no name", "noname", "consumidor final",
    "cliente generico", "cliente genérico", "sin nombre", "senza nome", "laufkunde", "laufkundschaft", "barverkauf",
    "barkunde", "ohne name", "ohne namen", "unbekannt", "desconocido", "sconosciuto", "onbekend",
})  # fmt: skip
"""In lower case: what tills and counters write where a name belongs."""

SURNAMES_ALL_THE_SAME = frozenset({"Null", "Nil", "Nan", "Unknown"})
"""Written like this they are names of people, in a field that holds names."""

GENDERS = {
    **dict.fromkeys(("m", "male", "man", "homme", "h", "masculin", "garçon", "boy", "mr", "m.", "1"), "m"),
    **dict.fromkeys(("f", "female", "woman", "femme", "féminin", "feminin", "fille", "girl", "mme", "w", "2"), "f"),
    **dict.fromkeys(("x", "nb", "nonbinary", "non-binary", "non binary", "non-binaire", "other", "autre", "diverse"), "x"),
}  # fmt: skip
"""What sources write for a gender; 1 and 2 as in ISO/IEC 5218."""

AGE_MAX = 130

_LANGUAGE = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{2}))?$")
_NAMES = frozenset({"first_name", "last_name", "name"})


def normalise_trait(name: str, raw: object, *, region: str = "FR") -> str | None:
    """The value of a trait, cleaned; None when the source said nothing that can be used.

    Never raises. E-mail and phone as identifiers are; `birth_date` as `YYYY-MM-DD`; `country` as ISO 3166-1
    alpha-2 where that is certain; `gender` as m, f or x; any other as one line of visible text. `region` (ISO
    3166-1 alpha-2) is where phones and dates are written. Longer than TRAIT_BYTES_MAX: None, for a part of a
    value is another value. A cleaned value cleans to itself.
    """
    text = as_text(raw)
    if text is None or bytes_of(text) > TRAIT_BYTES_MAX or has_lone_surrogate(text):
        return None
    line = one_line(text)
    if not is_said(name, line):
        return None
    form = _FORMS.get(name)
    value = form(line, region) if form else line
    return value if value is not None and bytes_of(value) <= TRAIT_BYTES_MAX else None


def is_said(name: str, line: str) -> bool:
    """Whether a line of text says anything of a trait: 'null' and '-' stand where the source knows nothing, and 'CLIENT PASSAGE' for a
    name.
    """
    lower = line.lower()
    if name in _NAMES:
        return lower not in NO_NAMES and (lower not in NOT_SAID or line in SURNAMES_ALL_THE_SAME)
    return lower not in NOT_SAID


def _identifier(kind: str) -> Callable[[str, str], str | None]:
    def normalise(line: str, region: str) -> str | None:
        match normalise_identifier(kind, line, region=region):
            case Normalised(value):
                return value
            case _:
                return None

    return normalise


def _birth_date(line: str, region: str) -> str | None:
    return birth_date(line, region=region)


def _country(line: str, region: str) -> str | None:
    del region
    return country_code(line) or line


def _gender(line: str, region: str) -> str | None:
    del region
    return GENDERS.get(line.lower())


def _age(line: str, region: str) -> str | None:
    del region
    return str(int(line)) if re.fullmatch(r"[0-9]{1,3}", line) and int(line) <= AGE_MAX else None


def _language(line: str, region: str) -> str | None:
    del region
    found = _LANGUAGE.match(line)
    if not found:
        return line
    language, country = found.groups()
    return f"{language.lower()}-{country.upper()}" if country else language.lower()


def _postal_code(line: str, region: str) -> str | None:
    del region
    code = without_empty_fraction(line).upper()
    return code.replace(" ", "") if code.replace(" ", "").isdigit() else code


_FORMS: dict[str, Callable[[str, str], str | None]] = {
    "email": _identifier("email"),
    "email_2": _identifier("email"),
    "phone": _identifier("phone"),
    "phone_2": _identifier("phone"),
    "birth_date": _birth_date,
    "country": _country,
    "gender": _gender,
    "age": _age,
    "language": _language,
    "postal_code": _postal_code,
}
"""Traits that have a form of their own."""
