"""What columns are called: the names of roles, identifiers, personal and sensitive data in four languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from segtui.api.table import Personal, Role

_ROLE_NAMES: dict[Role, str] = {
    Role.CUSTOMER: (
        r"cust(omer)?s?( ?(id|no|nr|number|num|code|key|ref|reference|identifier|uid|hash|unique id))?|(id|no|nr|"
        r"number|code) (of )?(the )?customer|(client|buyer|member|user|account|shopper|household|subscriber|donor|"
        r"guest|patient|contact|person|consumer|visitor|passenger|policyholder|cardholder|player|student|"
        r"respondent)( ?(id|no|nr|number|code|key|ref))|client|buyer|member|shopper|household|subscriber|donor|"
        r"card ?holder|loyalty( card)?( ?(id|no|nr|number))|cid|uid|userid|kunden?( ?(id|nr|no|nummer|kennung|"
        r"code|schluessel|schlussel))?|debitor(en)?( ?(nr|nummer|id))?|mitglieds?( ?(nr|nummer|id))|(id|no|num|"
        r"numero|code|ref|n) ?(du |de |le )?client|acheteur|adherent|(id|no|num|numero|codigo|cod|nro) ?(de |"
        r"del )?(cliente|socio|usuario|comprador)|cliente( ?(id|no|num|numero))?|socio|comprador"
    ),
    Role.ORDER: (
        r"(order|invoice|transaction|receipt|basket|purchase|sale|sales order|booking|bill|ticket|trans|txn|po|"
        r"cart|session|visit|document|doc)( ?(id|no|nr|number|num|code|key|ref|reference))|order|invoice|receipt|"
        r"basket|(id|no|nr|number) (of )?(the )?(order|invoice|transaction)|(bestell|auftrags|rechnungs|beleg|bon|"
        r"kassenbon|transaktions|vorgangs|buchungs)( |s )?(id|nr|no|nummer)|bestellung|auftrag|rechnung|bon|beleg|"
        r"(id|no|num|numero|n|ref) ?(de |de la |du |d )?(commande|facture|transaction|ticket|achat)|commande|"
        r"facture|(id|no|num|numero|nro|cod|codigo) ?(de |del |de la )?(pedido|factura|transaccion|ticket|compra|"
        r"orden|venta)|pedido|factura"
    ),
    Role.DATE: (
        r"(order|invoice|transaction|purchase|sale|sales|trans|txn|receipt|booking|visit|payment|event|posting|"
        r"ship|shipping|created|delivery) ?(date|day|datetime|time|timestamp|dt|at|on)|date|day|datetime|"
        r"timestamp|(date|day) (of )?(the )?(order|purchase|invoice|sale|transaction)|created|(bestell|auftrags|"
        r"rechnungs|kauf|beleg|transaktions|buchungs|verkaufs)( |s )?(datum|tag|zeit|zeitpunkt)|datum|date ?(de |"
        r"de la |du |d )?(commande|achat|facture|transaction|vente)|fecha( ?(de |del |de la )?(pedido|compra|"
        r"factura|transaccion|venta|orden))?"
    ),
    Role.AMOUNT: (
        r"(order|invoice|transaction|purchase|sales?|line|total|net|gross|basket|payment|extended|item|paid|spend|"
        r"purchased?) ?(amount|amt|value|total|revenue|price|spend|sum)|amount|amt|revenue|sales|turnover|spend|"
        r"spent|total|subtotal|value|gmv|amount (paid|spent|eur|usd|gbp)|total (price|cost|sales|spent|due)|"
        r"umsatz|betrag|summe|wert|warenwert|bestellwert|rechnungsbetrag|gesamtbetrag|gesamtpreis|gesamtsumme|"
        r"nettoumsatz|bruttoumsatz|netto|brutto|erloes|erlos|montant( ?(total|ttc|ht|net))?|chiffre d affaires|ca|"
        r"prix total|importe( ?(total|neto))?|monto|valor|ingreso|ingresos|ventas|precio total"
    ),
    Role.QUANTITY: (
        r"quantity|qty|quant|units|unit count|items|item count|pieces|pcs|volume|number of (items|units|cds)|cds|"
        r"(order|item|line|unit|sold)( item)? (quantity|qty)|quantity (ordered|sold)|menge|anzahl|stueck|stuck|"
        r"stueckzahl|stuckzahl|bestellmenge|quantite|qte|nombre|nb articles|cantidad|cant|unidades"
    ),
    Role.PRICE: (
        r"(unit|item|sale|sales|list|product|selling|net|gross|each|retail)? ?price( ?(each|per unit|unit|eur|usd|"
        r"gbp))?|unit cost|rate|(einzel|stueck|stuck|verkaufs|artikel)?preis|vk preis|prix( ?(unitaire|"
        r"de vente))?|precio( ?(unitario|de venta))?"
    ),
    Role.PRODUCT: (
        r"(product|item|stock|article|sku|material|part|style|variant|upc|ean|gtin|asin|isbn|book|title)( ?(id|no|"
        r"nr|number|code|key|name|ref|sku|keeping unit))|product|item|sku|article|stock ?code|upc|ean|gtin|asin|"
        r"isbn|stock item|(artikel|produkt|waren)( ?(nr|nummer|id|code|name|bezeichnung))?|(id|code|ref|"
        r"reference)? ?(de l |du |de |d )?(produit|article)|(id|codigo|cod|ref|referencia)? ?(del |de )?(producto|"
        r"articulo)( ?id)?"
    ),
    Role.GROUP: (
        r"(product|item|merchandise|article|goods|stock)? ?(category|group|class|department|family|line|"
        r"subcategory|type)( ?(name|code|id))?|(product|item) ?(category|group|class|department|family|line|"
        r"type)( name)?|dept|assortment|(waren|produkt|artikel)(gruppe|kategorie)|kategorie|sparte|sortiment|"
        r"abteilung|rayon|famille|categorie( ?(de )?produit)?|categoria( ?(de |del )?producto)?|familia|seccion"
    ),
    Role.CHANNEL: (
        r"(sales|order|purchase|marketing|acquisition|distribution)? ?channel( ?(name|id|code|type))?|"
        r"source channel|store type|(vertriebs|verkaufs|bestell)?(kanal|weg)|canal( ?(de )?(vente|venta|"
        r"distribution|achat|compra))?"
    ),
    Role.COUNTRY: (
        r"(customer|ship|shipping|billing|delivery|home|residence)? ?(country|nation)( ?(name|code|iso|iso2|"
        r"iso3))?|(liefer|rechnungs)?land|laendercode|landercode|pays|pais|code pays"
    ),
    Role.POSTCODE: (
        r"(customer|ship|shipping|billing|delivery|home|shipping address)? ?(zip|post|postal)( ?(code|5|prefix|"
        r"nr))?|zip ?code( prefix)?|postcode|post code|postal code|customer zip code prefix|eircode|pin code|plz|"
        r"postleitzahl|(liefer|rechnungs) ?plz|code postal|cp|codigo postal|cod postal"
    ),
    Role.LATITUDE: (
        r"lat|latitude|(geo|geolocation|gps|store|customer|home)? ?(lat|latitude)|breite|breitengrad|latitud|"
        r"y coord(inate)?"
    ),
    Role.LONGITUDE: (
        r"lon|lng|long|longitude|(geo|geolocation|gps|store|customer|home)? ?(lon|lng|long|longitude)|laenge|"
        r"langengrad|laengengrad|longitud|x coord(inate)?"
    ),
    Role.RECENCY: (
        r"recency( ?(days|weeks|months))?|rec|days since (last|latest) (order|purchase|visit|transaction)|"
        r"last purchase days|rezenz|recence|recencia"
    ),
    Role.FREQUENCY: (
        r"frequency|freq|(number|no|nr|num|count|n) (of )?(orders|purchases|transactions|visits)|(orders?|"
        r"purchases?|transactions?) count|n ?(orders|purchases|transactions)|total orders|haeufigkeit|haufigkeit|"
        r"anzahl (bestellungen|kaeufe|kaufe)|frequence|nombre de commandes|frecuencia|numero de (pedidos|compras)"
    ),
    Role.MONETARY: (
        r"monetary( ?value)?|total (spend|spent|revenue|sales|amount|value|charges|purchases)|"
        r"(customer )?(lifetime )?(revenue|spend)|lifetime value|clv|ltv|revenue|amount|amount spent|gesamtumsatz|"
        r"umsatz|umsatz gesamt|montant total|chiffre d affaires( total)?|gasto total|importe total|valor total"
    ),
    Role.TARGET: (
        r"churn(ed)?( ?(flag|label|value))?|target|label|respon(se|ded)|conver(ted|sion)|is churn(ed)?|attrition|"
        r"outcome|exited|gekuendigt|gekundigt|abgewandert"
    ),
    Role.TREATMENT: (r"treatment|treated|exposed|is treated|test group|control group|campaign group|treatment group"),
}
_ROLES = {role: re.compile(pattern) for role, pattern in _ROLE_NAMES.items()}

_IDENTIFIER = re.compile(
    r"(.* )?(id|ids|nr|no|num|number|code|key|uid|uuid|guid|sku|ean|isbn|iban|bic|ssn|vat|nummer|kennung|numero|"
    r"codigo|hash|token|ref|reference|identifier|fips|nsn|catid|hid|barcode|gtin|upc|plate|serial)( \d)?|id .*|"
    r".*(nummer|nr|kennung)"
)
_COUNTS = re.compile(
    r"(.* )?(number|no|nr|num|anzahl|nombre|numero|count) (of|de|der) .*|.*\b(headcount|count|anzahl)\b.*|n"
)
_NOT_IDS = frozenset(
    [
        "acid",
        "aid",
        "android",
        "bid",
        "centroid",
        "covid",
        "fluid",
        "grid",
        "hybrid",
        "kid",
        "lid",
        "liquid",
        "mid",
        "paid",
        "raid",
        "rapid",
        "rid",
        "solid",
        "squid",
        "valid",
        "void",
    ]
)

_PERSONAL: tuple[tuple[Personal, re.Pattern[str]], ...] = tuple(
    (why, re.compile(pattern))
    for why, pattern in (
        (
            Personal.EMAIL,
            r".*\b(e ?mail|mail|courriel|correo( electronico)?)( ?(address|adresse|id))?",
        ),
        (
            Personal.PHONE,
            r".*\b(phone|telephone|telefon|tel|mobile|mobil|cell|cellphone|handy|fax|telefono|movil|portable|"
            r"rufnummer|telefonnummer|handynummer)( ?(no|nr|number|nummer|num))?|contact phone",
        ),
        (
            Personal.BIRTH_DATE,
            r".*\b(birth ?date|birthday|date of birth|dob|geburts ?datum|geburtstag|geburtsjahr|year ?of? ?birth|"
            r"birth ?year|year birth|date de naissance|naissance|fecha de nacimiento|nacimiento)",
        ),
        (
            Personal.ADDRESS,
            r"(.*\b)?(street|address|addr|address line \d|strasse|str|anschrift|adresse|hausnummer|house number|"
            r"rue|calle|direccion|domicilio|billing address|property address)( ?\d| name| no| nr)?",
        ),
        (
            Personal.NAME,
            r"(first|last|full|sur|middle|given|family|maiden|customer|client|contact|person|user|member|"
            r"cardholder|buyer|display|nick|recipient|vor|nach|familien|kunden|employee|staff)? ?name|surname|"
            r"firstname|lastname|fullname|vorname|nachname|familienname|kundenname|nom|prenom|nom (de )?(famille|"
            r"client|complet)|nombre( completo| cliente| y apellidos?)?|apellidos?( \w+)?|customer ?name|initials|"
            r"rufname|ansprechpartner|ratepayer",
        ),
        (
            Personal.OTHER,
            r"iban|bic|account holder|credit ?card( no| number)?|card number|ssn|social security( no| number)?|"
            r"passport( no| number)?|national id|tax id|steuer ?id|sozialversicherungsnummer|nif|dni|nie|ip|"
            r"ip address|device id|license plate|kennzeichen|passwort?d?|user ?name|login|twitter|facebook|"
            r"instagram|url profile",
        ),
    )
)
_SENSITIVE = re.compile(
    r"(.*\b)?(gender|sex|geschlecht|sexe|sexo|genero|age|alter|edad|birth year|religion|konfession|race|"
    r"ethnic(ity)?|ethnie|ethnic group|nationality|nationalitaet|nationalitat|nationalite|nacionalidad|"
    r"citizenship|disability|behinderung|health|gesundheit|diagnosis|diagnose|illness|sexual orientation|"
    r"orientation|political|party|pregnan(t|cy)|marital( status)?|familienstand|union member|senior ?citizen|"
    r"ethnic origin|origin ethnic|caste)( ?(group|band|range|class|years|code|identity))?"
)


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """A column name as plain words: camel case split, accents gone, signs to blanks, lower case."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    bare = "".join(each for each in unicodedata.normalize("NFKD", split) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w]|_", " ", bare.casefold()).split())


def roles_of(name: str) -> frozenset[Role]:
    """The roles that a column of that name may have."""
    words = plain(name)
    squeezed = words.replace(" ", "")
    return frozenset(
        role for role, pattern in _ROLES.items() if pattern.fullmatch(words) or pattern.fullmatch(squeezed)
    )


def names_a_thing(name: str) -> bool:
    """Whether the name says that the values name things (id, number, code ...), and do not count them."""
    words, roles = plain(name), roles_of(name)
    if roles & {Role.CUSTOMER, Role.ORDER, Role.PRODUCT, Role.POSTCODE} or personal_of(name) is Personal.PHONE:
        return True
    if _COUNTS.fullmatch(words) or words in _NOT_IDS or roles:
        return False
    return bool(_IDENTIFIER.fullmatch(words) or re.fullmatch(r"[a-z]{1,4}id", words))


def personal_of(name: str) -> Personal | None:
    """Why a column of that name would be personal data, or None."""
    words = plain(name)
    return next((why for why, pattern in _PERSONAL if pattern.fullmatch(words)), None)


def is_sensitive(name: str) -> bool:
    """Whether a column of that name needs care by law or ethics."""
    return bool(_SENSITIVE.fullmatch(plain(name)))
