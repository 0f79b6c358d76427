"""What the columns of a file are: known by their names in the languages that sources use, or else plain text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from graph_cdp.matching.names import fold

Kind = Literal[
    "given_name", "surname", "birth_date", "year", "gender", "postal_code", "identifier", "device", "text"
]
"""How the values of a field are cleaned and compared. People share an `identifier` seldom (an e-mail, a phone, a number of
the state), a `device` often."""

RECORD_ID, SOURCE, IGNORED = "record_id", "source", "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column that is compared: what it is called in the policy, and how it is compared."""

    name: str
    kind: Kind


KINDS: Mapping[str, Kind] = {
    "given_name": "given_name",
    "surname": "surname",
    "birth_date": "birth_date",
    "birth_year": "year",
    "gender": "gender",
    "postal_code": "postal_code",
    "email": "identifier",
    "phone": "identifier",
    "national_id": "identifier",
    "loyalty_card": "identifier",
    "device": "device",
    "address": "text",
    "city": "text",
}

_SPELLINGS = {
    RECORD_ID: "record id|rec id|id|record|row id|uuid",
    SOURCE: "source|source system|system|origin|dataset|provenance|quelle",
    IGNORED: "cluster|cluster id|entity|entity id|true id|truth|label|match id",
    "given_name": "given name|givenname|first name|firstname|fname|forename|prenom|prenoms|vorname|nombre|nome",
    "surname": "surname|last name|lastname|lname|family name|nom|nom de famille|nom usuel|nachname|familienname|apellido|cognome",
    "birth_date": "date of birth|birth date|birthdate|dob|birthday|date naissance|date de naissance|naissance|ddn|"
    "geburtsdatum|geb datum|fecha nacimiento",
    "birth_year": "birth year|year of birth|birthyear|yob|annee naissance|annee de naissance|geburtsjahr",
    "gender": "sex|gender|sexe|genre|geschlecht|civilite|sexo",
    "email": "email|e mail|mail|email address|mail address|courriel|adresse mail|adresse email",
    "phone": "phone|phone number|telephone|tel|mobile|mobile phone|portable|telephone portable|gsm|cell|telefon|handy|"
    "numero de telephone",
    "postal_code": "postal code|postalcode|postcode|post code|zip|zip code|zipcode|code postal|cp|plz",
    "national_id": "national id|soc sec id|ssn|social security number|social security|nir|numero securite sociale|nin|"
    "national insurance number|tax id|steuer id|passport|license number",
    "loyalty_card": "loyalty card|loyalty card number|card number|card|carte|carte fidelite|numero carte|loyalty id",
    "device": "device|device id|cookie|cookie id|anonymous id|visitor id|advertising id|idfa",
    "address": "address|address 1|street|street address|adresse|rue|voie|adresse 1|strasse|street name|addr",
    "city": "city|town|suburb|ville|commune|ort|stadt|locality|municipality|place",
}
_MEANING = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split("|")}

TEXT_FILL_MIN = 0.1
"""A column of unknown meaning is compared as text where this share of its cells says something."""


def meaning_of(header: str) -> str | None:
    """What a column is by its header: a field, RECORD_ID, SOURCE, IGNORED; None for a header that nobody knows."""
    return _MEANING.get(fold(header.replace("_", " ")))


def detect_fields(headers: Iterable[str]) -> dict[str, str]:
    """The meaning of each header; of several columns of one meaning the later ones get a number (`address 2`), one that
    nobody knows is a field by its own name.
    """
    found: dict[str, str] = {}
    for header in headers:
        meaning = meaning_of(header) or fold(header.replace("_", " ")) or header
        name, number = meaning, 2
        while name in found.values() and meaning != IGNORED:
            name, number = f"{meaning} {number}", number + 1
        found[header] = name
    return found


def field_of(name: str) -> Field:
    """The field of a meaning."""
    return Field(name=name, kind=KINDS.get(name.rstrip("0123456789 ").strip() or name, "text"))
