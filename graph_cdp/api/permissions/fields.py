"""The table: each field of each type that the graph fills, and who may read it. A field without a row is refused to all."""

from collections.abc import Mapping

from graph_cdp.api.permissions.rules import (
    DENIED,
    OPEN,
    OPERATORS_ONLY,
    STEWARDS_ONLY,
    Rule,
    mask_all,
    mask_email,
    mask_phone,
    mask_text,
    mask_year,
    masked,
)

STRUCTURE = frozenset({"edges", "node", "cursor", "pageInfo", "total_count"})
"""What every list has; it is as open as the list."""

TRAIT_RULES: Mapping[str, Rule] = {
    **dict.fromkeys(
        ("title", "gender", "city", "region", "country", "language", "company", "job_title", "age"), OPEN
    ),
    **dict.fromkeys(("first_name", "last_name", "name", "username", "postal_code"), masked(mask_text)),
    **dict.fromkeys(("email", "email_2"), masked(mask_email)),
    **dict.fromkeys(("phone", "phone_2"), masked(mask_phone)),
    **dict.fromkeys(("street", "website", "avatar", "description"), masked(mask_all)),
    "birth_date": masked(mask_year),
}


def _open(names: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), OPEN)


FIELD_RULES: Mapping[str, Mapping[str, Rule]] = {
    "Query": _open("person person_as_of node people product store"),
    "Person": _open(
        "id person_id requested_id redirected is_known created_at golden_record records identifiers devices events timeline "
        "transactions interactions cases companies consents consent_records basics changes"
    ),
    "GoldenRecord": {**TRAIT_RULES, **_open("provenance")},
    "Provenance": _open("field record_id at record source"),
    "SourceRecord": {
        **_open("id record_id source kind created_at updated_at traits person"),
        "key": masked(mask_all),
    },
    "Traits": TRAIT_RULES,
    "Identifier": {**_open("id identifier_id kind contested"), "value": masked(mask_all)},
    "IdentifierEdge": _open("first_seen_at last_seen_at"),
    "Device": {
        **_open("id identifier_id kind contested platform model manufacturer os_version app_version"),
        "value": masked(mask_all),
    },
    "DeviceEdge": _open("first_seen_at last_seen_at"),
    "Event": {
        **_open("id event_id message_id source type name occurred_at received_at record flags"),
        "payload": STEWARDS_ONLY,
    },
    "Fact": _open("kind occurred_at event transaction case consent_record"),
    "Transaction": _open(
        "id transaction_id key kind amount currency quantity status tax shipping discount coupon occurred_at record lines store "
        "returns returned_by"
    ),
    "TransactionLine": _open("position quantity unit_price name product"),
    "Product": _open(
        "id sku name brand category variant price currency stock size color season url image_url introduced"
    ),
    "Store": _open("id code name kind street postal_code city country"),
    "Campaign": _open("id campaign_id key name source channel created_at"),
    "Interaction": _open("id event_id kind channel link occurred_at campaign record"),
    "Case": {
        **_open(
            "id case_id key source kind status channel topic satisfaction opened_at closed_at record store"
        ),
        "subject": masked(mask_all),
    },
    "Company": {
        **_open(
            "id company_id key name industry employees plan revenue registration_number website city postal_code region country "
            "description street"
        ),
        "email": masked(mask_email),
        "phone": masked(mask_phone),
    },
    "CompanyEdge": _open("since"),
    "ContactPoint": {**_open("kind"), "value": masked(mask_all)},
    "ConsentRecord": {
        **_open(
            "id consent_id purpose channel state lawful_basis notice_id notice_version method jurisdiction signal source occurred_at "
            "confirmed_at recorded_at contact_point record"
        ),
        "evidence": STEWARDS_ONLY,
    },
    "Consent": {
        **_open("purpose channel is_allowed contact_kind decided_by"),
        "contact_value": masked(mask_all),
    },
    "Basics": _open("orders returns first_order_at last_order_at money"),
    "Money": _open("currency spent returned average_basket"),
    "IdentityChange": _open("change_id sequence kind at by evidence"),
    "PeopleEdge": _open("score matched"),
    "PersonAsOf": _open("person_id as_of records identifiers golden_record"),
    "IdentifierAsOf": {**_open("identifier_id kind since"), "value": masked(mask_all)},
    "RecordAsOf": _open("record_id source kind since until"),
    "PersonChanged": _open("cursor person changes"),
    "FactsAdded": _open("cursor person facts"),
}


QUERY_RULES: Mapping[str, Rule] = dict.fromkeys(
    ("dead_letters", "dead_letter", "dead_letter_counts", "identity_health", "collection_health"),
    OPERATORS_ONLY,
)
"""Who may ask what is no part of the graph of people; each of these refuses others itself, and is as open as all it shows."""


SUBSCRIPTION_RULES: Mapping[str, Rule] = {"person_changed": OPEN, "facts_added": OPEN}
"""Who may listen to what. All that is told is shown by the rules of its fields."""


def find_rule(type_name: str, field_name: str) -> Rule:
    """The rule of a field."""
    rule = FIELD_RULES.get(type_name, {}).get(field_name)
    return rule or (OPEN if is_structure(type_name, field_name) else DENIED)


def is_structure(type_name: str, field_name: str) -> bool:
    """Whether a field only says how a list is built."""
    return type_name == "PageInfo" or (type_name.endswith(("Connection", "Edge")) and field_name in STRUCTURE)
