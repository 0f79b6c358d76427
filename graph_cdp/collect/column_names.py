"""What columns are usually called, in ten languages of Europe: where guesses of a mapping come from. Pure data."""

import re
from collections.abc import Mapping

from anyascii import anyascii

_OTHER = re.compile(r"[^a-z0-9]+")

CUSTOMER = (
    "id_client client_id code_client num_client numero_client no_client customer_id customerid customer_number "
    "customer_no id_contact contact_id crm_id kundennr kundennummer kunden_nr kunden_id id_cliente numero_cliente codigo_cliente "
    "klantnummer klantnr id_klienta nr_klienta musteri_no"
)

RECORD = {
    "record_id": f"{CUSTOMER} id no nr num numero identifiant record_id rowid",
    "timestamp": "modifie maj date_maj date_modification modifie_le derniere_modification updated_at updated "
    "last_modified modified modified_at changed changed_at timestamp geaendert_am geandert_am aenderungsdatum fecha_modificacion "
    "data_modifica",
}
_STORE = "code_magasin id_magasin no_magasin store_id store_code store_number filiale filialnummer"
TRANSACTION = {
    "transaction_id": "ticket no_ticket num_ticket numero_ticket order_id orderid order_number order_no commande "
    "id_commande no_commande num_commande numero_commande transaction transaction_id facture no_facture invoice",
    "customer_id": f"{CUSTOMER} client customer",
    "timestamp": "date date_achat date_commande date_ticket date_transaction order_date purchase_date created_at "
    "timestamp at horodatage",
    "amount": "montant amount total prix montant_ttc total_ttc ttc price revenue",
    "currency": "devise currency monnaie",
    "quantity": "quantite qte quantity qty articles nb_articles",
    "store": f"{_STORE} magasin store boutique tienda negozio winkel sklep",
}
_SKU = (
    "sku ean ean13 code_ean gtin upc barcode code_barre code_barres article_id id_article code_article no_article num_article "
    "ref_article reference_article product_id productid id_produit code_produit ref_produit reference_produit artikelnummer "
    "artikelnr artikel_nr codigo_articulo id_producto codice_articolo artikelcode"
)
_ARTICLE = "name nom libelle designation intitule article produit product product_name nom_produit item bezeichnung artikelname articolo"
LINE = {
    "line.sku": f"{_SKU} reference ref article_no",
    "line.name": f"{_ARTICLE} libelle_article description",
    "line.quantity": "quantite qte quantity qty menge cantidad quantita aantal ilosc",
    "line.unit_price": "prix price pu prix_unitaire pu_ttc prix_ttc unit_price unitprice einzelpreis preis precio prezzo prijs cena",
}
"""Of the lines of a purchase. What a column of amounts is they do not tell: of the line, or of the whole."""

PRODUCT = {
    "sku": _SKU,
    "name": f"{_ARTICLE} title titre label nombre nome naam",
    "brand": "marque brand marke marca merk marka",
    "category": "categorie category famille rayon departement department product_type kategorie categoria",
    "variant": "variante variant declinaison",
    "price": "prix price prix_ttc prix_vente pvp pv unit_price preis verkaufspreis precio prezzo prijs cena tarif",
    "currency": f"{TRANSACTION['currency']} waehrung moneda valuta",
    "stock": "stock quantite_stock qte_stock stock_quantity inventory inventory_quantity bestand lagerbestand existencias giacenza",
    "size": "taille size pointure groesse talla taglia maat",
    "color": "couleur color colour farbe colore kleur kolor",
    "season": "saison season temporada stagione seizoen",
    "url": "url link lien product_url",
    "image_url": "image image_url image_link photo visuel",
    "timestamp": "maj date_maj updated_at updated modified modified_at timestamp aenderungsdatum",
}
TRAITS = {
    "title": "civilite titre title salutation anrede",
    "first_name": "prenom first_name firstname given_name first forename vorname nombre nome voornaam imie adi onoma",
    "last_name": "nom last_name lastname surname family_name nom_famille nom_de_famille last nachname familienname apellido apellidos "
    "cognome sobrenome apelido achternaam nazwisko soyad soyadi eponymo",
    "name": "name full_name fullname nom_complet nom_prenom nombre_completo nombre_y_apellidos nome_completo imie_i_nazwisko ad_soyad "
    "customer_name client_name guest_name member_name contact_name subscriber_name donor_name person_name nom_client nom_du_client "
    "kundenname nombre_del_cliente nome_cliente klantnaam",
    "gender": "sexe genre gender sex geschlecht sexo genero sesso geslacht plec cinsiyet fylo",
    "birth_date": "naissance date_naissance date_de_naissance ddn ne_le birth_date birthdate birthday dob date_of_birth "
    "geburtsdatum geburtstag fecha_nacimiento fecha_de_nacimiento data_di_nascita data_nascita data_de_nascimento data_nascimento "
    "geboortedatum data_urodzenia dogum_tarihi imerominia_gennisis",
    "email": "mail email e_mail courriel adresse_mail adresse_email email_address mail_2 email_2 e_mail_adresse emailadresse correo "
    "correo_electronico e_posta eposta adres_email adres_e_mail email_pro mail_pro email_perso mail_perso email_professionnel "
    "email_personnel work_email email_work business_email private_email personal_email",
    "phone": "tel telephone phone mobile portable gsm cell phone_number numero_telephone tel_mobile tel_portable "
    "tel_fixe fixe telephone_mobile telephone_fixe telefon telefonnummer handy handynummer mobil mobilnummer rufnummer telefono "
    "movil celular cellulare telefone telemovel telefoon telefoonnummer mobiel numer_telefonu nr_telefonu cep_telefonu tilefono kinito "
    "mobile_phone cell_phone home_phone work_phone phone_home phone_work tel_domicile tel_bureau tel_pro tel_perso",
    "street": "rue adresse address street adresse_1 adresse1 address_1 address1 voie street_address strasse anschrift direccion "
    "domicilio calle indirizzo via endereco morada rua straat adres ulica odos",
    "postal_code": "cp code_postal zip zipcode zip_code postal_code postcode plz postleitzahl codigo_postal cap codice_postale "
    "kod_pocztowy posta_kodu tk",
    "city": "ville city commune town localite ort wohnort stadt ciudad localidad poblacion citta comune cidade woonplaats plaats "
    "miasto miejscowosc sehir poli",
    "region": "region departement state province bundesland provincia wojewodztwo",
    "country": "pays country code_pays country_code land staat pais paese kraj ulke chora",
    "language": "langue language lang locale",
    "company": "societe entreprise company raison_sociale organisation",
    "job_title": "fonction poste job_title profession",
    "loyalty_card": "carte carte_fidelite no_carte num_carte numero_carte card card_number loyalty_card fidelite kundenkarte "
    "kundenkartennummer tarjeta tessera klantenkaart",
}
"""Traits of a record, and its loyalty card, which is an identifier."""

STORE = {
    "code": f"{_STORE} num_magasin code_boutique id_boutique store_no shop_id shop_code branch_code branch_id filial_nr "
    "codigo_tienda id_tienda codice_negozio",
    "name": "name nom libelle enseigne magasin boutique store store_name nom_magasin nom_boutique shop shop_name",
    "org_unit": "franchise reseau org_unit network",
    **{place: TRAITS[place] for place in ("street", "postal_code", "city", "country")},
}


def find_meaning(column: str, meanings: Mapping[str, str]) -> str | None:
    """Which of `meanings` a column's name, or the last part of a dotted one, usually has."""
    names = {_plain(column), _plain(column.rpartition(".")[2])}
    return next((meaning for meaning, usual in meanings.items() if names & set(usual.split())), None)


def _plain(name: str) -> str:
    return _OTHER.sub("_", anyascii(name).lower()).strip("_")
