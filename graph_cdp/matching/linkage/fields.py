"""What the columns of a file are: known by their names in the languages that sources use, or else plain text."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from graph_cdp.matching.names import fold

Kind = Literal[
    "given_name", "surname", "birth_date", "year", "gender", "postal_code", "identifier", "device", "text"
]
"""How the values of a field are cleaned and compared. People share an `identifier` seldom (an e-mail, a phone, a number of
the state), a `device` often."""

RECORD_ID, SOURCE, IGNORED, FULL_NAME, NAME = "record_id", "source", "ignored", "full_name", "name"

OF_CUSTOMERS = frozenset({"email", "phone", "loyalty_card"})
"""What customers have, and firms and places, too: beside it, a column called `name` is looked at."""

SEVERAL = frozenset({"email", "phone"})
"""What people have several of, each in a column, a cell or a list."""

OF_PEOPLE = frozenset({"birth_date", "birth_year", "gender", "national_id"})
"""What only people have: beside it, a column called `name` holds their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column that is compared: what it is called in the policy, and how it is compared."""

    name: str
    kind: Kind

    @property
    def meaning(self) -> str:
        """What it is called without the number that it has beside another column of the same meaning: `phone` of `phone 2`."""
        return _without_number(self.name)


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
    "country": "text",
}

_SPELLINGS = {
    RECORD_ID: "record id|rec id|id|record|row id|uuid",
    SOURCE: "source|source system|system|origin|dataset|provenance|quelle",
    IGNORED: "cluster|cluster id|entity|entity id|true id|truth|label|match id",
    FULL_NAME: "full name|fullname|contact name|person name|customer name|client name|patient name|voter name|guest name|passenger name|"
    "member name|subscriber name|donor name|employee name|student name|owner name|cardholder name|cardholder|recipient name|nom complet|nom prenom|nom client|"
    "nom du client|kundenname|nombre del cliente|nome cliente|klantnaam|"
    "nom et prenom|prenom nom|prenom et nom|nombre completo|nombre y apellidos|nome completo|nome e cognome|nominativo|"
    "vollstandiger name|imie i nazwisko|ad soyad|adi soyadi|onomateponymo|volledige naam",
    "given_name": "given name|givenname|first name|firstname|fname|forename|first|prenom|prenoms|vorname|rufname|nombre|"
    "primer nombre|nome|primeiro nome|voornaam|imie|imiona|isim|adi|onoma",
    "surname": "surname|last name|lastname|lname|family name|last|nom|nom de famille|nom usuel|nachname|familienname|zuname|apellido|"
    "apellidos|primer apellido|cognome|apelido|sobrenome|achternaam|nazwisko|soyad|soyadi|soyisim|eponymo",
    "birth_date": "date of birth|birth date|birthdate|dob|birthday|date naissance|date de naissance|naissance|ddn|geburtsdatum|"
    "geb datum|geburtstag|geb|fecha nacimiento|fecha de nacimiento|data di nascita|data nascita|data de nascimento|"
    "data nascimento|geboortedatum|data urodzenia|dogum tarihi|imerominia gennisis",
    "birth_year": "birth year|year of birth|birthyear|yob|annee naissance|annee de naissance|geburtsjahr|ano de nacimiento|"
    "anno di nascita|rok urodzenia",
    "gender": "sex|gender|sexe|genre|geschlecht|civilite|sexo|genero|sesso|geslacht|plec|cinsiyet|fylo",
    "email": "email|emails|e mail|mail|email address|mail address|e mail adresse|emailadresse|mailadresse|courriel|adresse mail|"
    "adresse email|adresse e mail|correo|correo electronico|posta elettronica|e posta|eposta|emailadres|adres email|adres e mail",
    "phone": "phone|phones|phone number|telephone|tel|tel no|tel nr|mobile|mobile phone|portable|telephone portable|gsm|cell|telefon|"
    "handy|handynummer|mobil|mobilnummer|mobiltelefon|telefonnummer|rufnummer|numero de telephone|telefono|numero de telefono|"
    "movil|celular|cellulare|telefone|telemovel|telefoon|telefoonnummer|mobiel|telefon komorkowy|numer telefonu|nr telefonu|"
    "cep telefonu|tilefono|kinito",
    "postal_code": "postal code|postalcode|postcode|post code|zip|zip code|zipcode|code postal|cp|plz|postleitzahl|codigo postal|cap|"
    "codice postale|kod pocztowy|posta kodu|tk",
    "national_id": "national id|soc sec id|ssn|social security number|social security|nir|numero securite sociale|nin|"
    "national insurance number|tax id|steuer id|passport|license number|sozialversicherungsnummer|dni|nif|nie|codice fiscale|"
    "cpf|bsn|pesel|tc kimlik no|amka",
    "loyalty_card": "loyalty card|loyalty card number|card number|card|carte|carte fidelite|carte de fidelite|numero carte|"
    "numero de carte|loyalty id|kundenkarte|kundenkartennummer|tarjeta|tessera|klantenkaart|karta lojalnosciowa",
    "device": "device|device id|cookie|cookie id|anonymous id|visitor id|advertising id|idfa",
    "address": "address|address 1|street|street address|adresse|rue|voie|adresse 1|strasse|street name|addr|anschrift|direccion|"
    "domicilio|calle|indirizzo|via|endereco|morada|rua|straat|adres|ulica|odos",
    "city": "city|town|suburb|ville|commune|ort|wohnort|stadt|locality|municipality|place|ciudad|localidad|poblacion|municipio|citta|"
    "comune|cidade|woonplaats|plaats|miasto|miejscowosc|sehir|poli",
    "country": "country|country code|country name|iso country|pays|code pays|land|landercode|landeskennzeichen|pais|codigo pais|paese|nazione|"
    "landcode|kraj|ulke|chora",
}
_BESIDES = (
    "1 2 3 pro perso professionnel professionnelle personnel personnelle domicile maison bureau travail fixe secondaire principal principale "
    "autre home work office private personal business mobile primary secondary main other alternate alternative alt landline privat dienstlich "
    "geschaftlich arbeit festnetz trabajo casa fijo lavoro fisso prywatny sluzbowy werk thuis prive"
)
BESIDES = frozenset(_BESIDES.split())
"""What a column is called besides, that has one of several e-mail addresses or phones."""

HOLDS_IT = frozenset({"value", "number"})
"""What the member of an object is called that holds its e-mail or phone: `phones.number`."""

_MEANING = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split("|")}

_ROW_KEYS = (
    "customer id|customer no|client no|customer number|client id|contact id|person id|patient id|member id|voter id|account id|lead id|user id|no|nr|"
    "num|numero|number|key|id client|no client|num client|numero client|code client|kundennr|kundennummer|kunden nr|kunden id|lfd nr|"
    "id cliente|numero cliente|codigo cliente|klantnummer|klantnr|nr klienta|id klienta|musteri no|"
    "order id|order no|order number|purchase id|transaction id|transaction no|receipt no|receipt number|ticket|ticket id|invoice no|"
    "invoice number|id commande|no commande|numero commande|numero de commande|no ticket|numero ticket|no facture|numero facture|"
    "bestellnummer|bestell nr|auftragsnummer|rechnungsnummer|numero pedido|numero de pedido|numero ordine|bestelnummer"
)
ROW_KEYS = frozenset(_ROW_KEYS.split("|"))
"""Columns that may number the rows: they do where every row has a value of its own, and no other column is the record's id."""

UNKNOWN_MAX = 12
"""Columns of unknown meaning that are compared. All are, where there are no more; of more, each pair of them would be a blocking rule."""

TEXT_FILL_MIN = 0.1
"""A column of unknown meaning is compared as text where this share of its cells says something."""


def meaning_of(header: str) -> str | None:
    """What a column, or a member `address.city`, is by its name: a field, RECORD_ID, SOURCE, IGNORED, FULL_NAME; None if nobody knows."""
    whole, _, member = header.rpartition(".")
    return (
        _MEANING.get(_plain(header))
        or _MEANING.get(_plain(member))
        or _one_of_several(header)
        or (_one_of_several(whole) if member in HOLDS_IT else None)
    )


def _one_of_several(header: str) -> str | None:
    """What `email pro` and `home phone` are: an e-mail address, a phone."""
    words = _plain(header).split()
    meaning = _MEANING.get(" ".join(word for word in words if word not in BESIDES))
    return meaning if meaning in SEVERAL else None


def detect_fields(headers: Iterable[str]) -> dict[str, str]:
    """The meaning of each header; of several columns of one meaning the later ones get a number (`address 2`), one that
    nobody knows is a field by its own name. `name` is the surname beside given names, and a whole name beside what only people have.
    """
    given = list(headers)
    known = {meaning_of(header) for header in given}
    found: dict[str, str] = {}
    for header in given:
        meaning = meaning_of(header) or _plain(header) or header
        if meaning == NAME:
            meaning = _meaning_of_name(known)
        name, number = meaning, 2
        while name in found.values() and meaning != IGNORED:
            name, number = f"{meaning} {number}", number + 1
        found[header] = name
    return found


def numbers_rows(header: str) -> bool:
    """Whether a column is called as those that number the rows."""
    return _plain(header) in ROW_KEYS


def _meaning_of_name(known: Container[str | None]) -> str:
    if "given_name" in known:
        return NAME if "surname" in known else "surname"
    return FULL_NAME if any(field in known for field in OF_PEOPLE) else NAME


def may_be_full_names(meanings: Container[str]) -> bool:
    """Whether a column called `name` may be of people, for all that the other columns mean: then its values are to be looked at."""
    named = any(meaning in meanings for meaning in ("given_name", "surname", FULL_NAME))
    return NAME in meanings and not named and any(field in meanings for field in OF_CUSTOMERS)


_NUMBER_SIGN = re.compile("[Nn][°º]|№")


def _plain(header: str) -> str:
    return fold(_NUMBER_SIGN.sub(" no ", header.replace("_", " ")))


def field_of(name: str) -> Field:
    """The field of a meaning."""
    return Field(name=name, kind=KINDS.get(_without_number(name), "text"))


def is_known(field: Field) -> bool:
    """Whether a field is one of those that are known by their names."""
    return field.meaning in KINDS


def _without_number(name: str) -> str:
    return name.rstrip("0123456789 ").strip() or name
