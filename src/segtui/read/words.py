"""The words by which columns, yes and no, missing values and orders are recognised: English, German, French, Spanish."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from segtui.api.table import Personal, Role

ALWAYS_NULL = frozenset({"", "null", "#n/a", "n/a", "<na>", "nan", "#null!", "#value!", "#ref!", "#div/0!", "(null)", "\\n"})
"""What is missing in every column, in lower case."""
OFTEN_NULL = ALWAYS_NULL | {
    "na", "none", "nil", "missing", "unknown", "not available", "n.a.", "n. a.", "k.a.", "k. a.", "keine angabe",
    "inconnu", "desconocido", "s/d", "n/d", "nd", "tbd", "#", "?", "nat", "void",
}  # fmt: skip
"""What is missing in a column of numbers or dates, beside signs alone such as - or ****."""
SIGNS_ALONE = re.compile(r"[-–—.*?_x]{1,6}|\*+|-+")

YES_NO: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("yes",), ("no",)),
    (("y",), ("n",)),
    (("true",), ("false",)),
    (("t",), ("f",)),
    (("1",), ("0",)),
    (("1.0",), ("0.0",)),
    (("ja",), ("nein", "nee")),
    (("j",), ("n",)),
    (("oui",), ("non",)),
    (("o",), ("n",)),
    (("sí", "si"), ("no",)),
    (("s",), ("n",)),
    (("on",), ("off",)),
    (("wahr",), ("falsch",)),
    (("vrai",), ("faux",)),
    (("verdadero",), ("falso",)),
    (("da",), ("net",)),
)

ORDERS: tuple[tuple[str, ...], ...] = (
    ("very low", "low", "medium low", "medium", "medium high", "high", "very high"),
    ("low", "mid", "high"), ("low", "middle", "high"), ("low", "moderate", "high"), ("minor", "major", "critical"),
    ("sehr niedrig", "niedrig", "mittel", "hoch", "sehr hoch"), ("gering", "mittel", "hoch"), ("klein", "mittel", "groß"),
    ("faible", "moyen", "élevé"), ("bas", "moyen", "haut"), ("bajo", "medio", "alto"), ("muy bajo", "bajo", "medio", "alto", "muy alto"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"), ("very small", "small", "medium", "large", "very large"),
    ("never", "rarely", "seldom", "sometimes", "often", "usually", "very often", "always"),
    ("nie", "selten", "manchmal", "oft", "sehr oft", "immer"), ("jamais", "rarement", "parfois", "souvent", "toujours"),
    ("nunca", "rara vez", "a veces", "a menudo", "siempre"),
    ("never", "less than once a year", "once a year", "twice a year", "every six months", "every three months",
     "every two months", "once a month", "twice a month", "every two weeks", "once a week", "twice a week",
     "more than once a week", "several times a week", "every day", "daily", "several times a day"),
    ("yearly", "quarterly", "monthly", "fortnightly", "weekly", "daily"),
    ("annually", "quarterly", "every 3 months", "monthly", "bi-weekly", "weekly", "daily"),
    ("strongly disagree", "disagree", "somewhat disagree", "neutral", "somewhat agree", "agree", "strongly agree"),
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
    ("stimme gar nicht zu", "stimme nicht zu", "stimme eher nicht zu", "neutral", "teils teils", "stimme eher zu", "stimme zu", "stimme voll zu"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("sehr unzufrieden", "unzufrieden", "neutral", "zufrieden", "sehr zufrieden"),
    ("very unlikely", "unlikely", "neutral", "likely", "very likely"),
    ("very poor", "poor", "fair", "good", "very good", "excellent"), ("terrible", "bad", "ok", "good", "great"),
    ("schlecht", "mittel", "gut", "sehr gut"), ("not important", "somewhat important", "important", "very important"),
    ("basic", "standard", "premium"), ("bronze", "silver", "gold", "platinum", "diamond"), ("bronze", "silber", "gold", "platin"),
    ("primary", "secondary", "tertiary"), ("none", "primary", "secondary", "bachelor", "master", "doctorate"),
    ("beginner", "intermediate", "advanced", "expert"), ("young", "middle-aged", "old"), ("cold", "warm", "hot"),
    ("first", "second", "third", "fourth", "fifth"), ("small", "medium", "large"),
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
)  # fmt: skip

_ROLE_WORDS: dict[Role, str] = {
    Role.CUSTOMER: (
        r"cust(omer)?s?( ?(id|no|nr|number|num|code|key|ref|reference|identifier|uid|hash|unique id))?|"
        r"(id|no|nr|number|code) (of )?(the )?customer|(client|buyer|member|user|account|shopper|household|subscriber|donor|guest|"
        r"patient|contact|person|consumer|visitor|passenger|policyholder|cardholder|player|student|respondent)( ?(id|no|nr|number|code|key|ref))|"
        r"client|buyer|member|shopper|household|subscriber|donor|card ?holder|loyalty( card)?( ?(id|no|nr|number))|cid|uid|userid|"
        r"kunden?( ?(id|nr|no|nummer|kennung|code|schluessel|schlussel))?|debitor(en)?( ?(nr|nummer|id))?|mitglieds?( ?(nr|nummer|id))|"
        r"(id|no|num|numero|code|ref|n) ?(du |de |le )?client|acheteur|adherent|"
        r"(id|no|num|numero|codigo|cod|nro) ?(de |del )?(cliente|socio|usuario|comprador)|cliente( ?(id|no|num|numero))?|socio|comprador"
    ),
    Role.ORDER: (
        r"(order|invoice|transaction|receipt|basket|purchase|sale|sales order|booking|bill|ticket|trans|txn|po|cart|session|visit|document|doc)"
        r"( ?(id|no|nr|number|num|code|key|ref|reference))|order|invoice|receipt|basket|(id|no|nr|number) (of )?(the )?(order|invoice|transaction)|"
        r"(bestell|auftrags|rechnungs|beleg|bon|kassenbon|transaktions|vorgangs|buchungs)( |s )?(id|nr|no|nummer)|bestellung|auftrag|rechnung|bon|beleg|"
        r"(id|no|num|numero|n|ref) ?(de |de la |du |d )?(commande|facture|transaction|ticket|achat)|commande|facture|"
        r"(id|no|num|numero|nro|cod|codigo) ?(de |del |de la )?(pedido|factura|transaccion|ticket|compra|orden|venta)|pedido|factura"
    ),
    Role.DATE: (
        r"(order|invoice|transaction|purchase|sale|sales|trans|txn|receipt|booking|visit|payment|event|posting|ship|shipping|created|delivery)"
        r" ?(date|day|datetime|time|timestamp|dt|at|on)|date|day|datetime|timestamp|(date|day) (of )?(the )?(order|purchase|invoice|sale|transaction)|created|"
        r"(bestell|auftrags|rechnungs|kauf|beleg|transaktions|buchungs|verkaufs)( |s )?(datum|tag|zeit|zeitpunkt)|datum|"
        r"date ?(de |de la |du |d )?(commande|achat|facture|transaction|vente)|"
        r"fecha( ?(de |del |de la )?(pedido|compra|factura|transaccion|venta|orden))?"
    ),
    Role.AMOUNT: (
        r"(order|invoice|transaction|purchase|sales?|line|total|net|gross|basket|payment|extended|item|paid|spend|purchased?)"
        r" ?(amount|amt|value|total|revenue|price|spend|sum)|amount|amt|revenue|sales|turnover|spend|spent|total|subtotal|value|gmv|"
        r"amount (paid|spent|eur|usd|gbp)|total (price|cost|sales|spent|due)|"
        r"umsatz|betrag|summe|wert|warenwert|bestellwert|rechnungsbetrag|gesamtbetrag|gesamtpreis|gesamtsumme|nettoumsatz|bruttoumsatz|netto|brutto|erloes|erlos|"
        r"montant( ?(total|ttc|ht|net))?|chiffre d affaires|ca|prix total|"
        r"importe( ?(total|neto))?|monto|valor|ingreso|ingresos|ventas|precio total"
    ),
    Role.QUANTITY: (
        r"quantity|qty|quant|units|unit count|items|item count|pieces|pcs|volume|number of (items|units|cds)|cds|(order|item|line|unit|sold)( item)? (quantity|qty)|quantity (ordered|sold)|"
        r"menge|anzahl|stueck|stuck|stueckzahl|stuckzahl|bestellmenge|quantite|qte|nombre|nb articles|cantidad|cant|unidades"
    ),
    Role.PRICE: (
        r"(unit|item|sale|sales|list|product|selling|net|gross|each|retail)? ?price( ?(each|per unit|unit|eur|usd|gbp))?|unit cost|rate|"
        r"(einzel|stueck|stuck|verkaufs|artikel)?preis|vk preis|prix( ?(unitaire|de vente))?|precio( ?(unitario|de venta))?"
    ),
    Role.PRODUCT: (
        r"(product|item|stock|article|sku|material|part|style|variant|upc|ean|gtin|asin|isbn|book|title)( ?(id|no|nr|number|code|key|name|ref|sku|keeping unit))|"
        r"product|item|sku|article|stock ?code|upc|ean|gtin|asin|isbn|stock item|"
        r"(artikel|produkt|waren)( ?(nr|nummer|id|code|name|bezeichnung))?|(id|code|ref|reference)? ?(de l |du |de |d )?(produit|article)|"
        r"(id|codigo|cod|ref|referencia)? ?(del |de )?(producto|articulo)( ?id)?"
    ),
    Role.GROUP: (
        r"(product|item|merchandise|article|goods|stock)? ?(category|group|class|department|family|line|subcategory|type)( ?(name|code|id))?|"
        r"(product|item) ?(category|group|class|department|family|line|type)( name)?|dept|assortment|"
        r"(waren|produkt|artikel)(gruppe|kategorie)|kategorie|sparte|sortiment|abteilung|rayon|famille|categorie( ?(de )?produit)?|"
        r"categoria( ?(de |del )?producto)?|familia|seccion"
    ),
    Role.CHANNEL: (
        r"(sales|order|purchase|marketing|acquisition|distribution)? ?channel( ?(name|id|code|type))?|source channel|store type|"
        r"(vertriebs|verkaufs|bestell)?(kanal|weg)|canal( ?(de )?(vente|venta|distribution|achat|compra))?"
    ),
    Role.COUNTRY: r"(customer|ship|shipping|billing|delivery|home|residence)? ?(country|nation)( ?(name|code|iso|iso2|iso3))?|(liefer|rechnungs)?land|laendercode|landercode|pays|pais|code pays",
    Role.POSTCODE: (
        r"(customer|ship|shipping|billing|delivery|home|shipping address)? ?(zip|post|postal)( ?(code|5|prefix|nr))?|zip ?code( prefix)?|postcode|post code|postal code|customer zip code prefix|eircode|pin code|"
        r"plz|postleitzahl|(liefer|rechnungs) ?plz|code postal|cp|codigo postal|cod postal"
    ),
    Role.LATITUDE: r"lat|latitude|(geo|geolocation|gps|store|customer|home)? ?(lat|latitude)|breite|breitengrad|latitud|y coord(inate)?",
    Role.LONGITUDE: r"lon|lng|long|longitude|(geo|geolocation|gps|store|customer|home)? ?(lon|lng|long|longitude)|laenge|langengrad|laengengrad|longitud|x coord(inate)?",
    Role.RECENCY: r"recency( ?(days|weeks|months))?|rec|days since (last|latest) (order|purchase|visit|transaction)|last purchase days|rezenz|recence|recencia",
    Role.FREQUENCY: (
        r"frequency|freq|(number|no|nr|num|count|n) (of )?(orders|purchases|transactions|visits)|(orders?|purchases?|transactions?) count|n ?(orders|purchases|transactions)|"
        r"total orders|haeufigkeit|haufigkeit|anzahl (bestellungen|kaeufe|kaufe)|frequence|nombre de commandes|frecuencia|numero de (pedidos|compras)"
    ),
    Role.MONETARY: (
        r"monetary( ?value)?|total (spend|spent|revenue|sales|amount|value|charges|purchases)|(customer )?(lifetime )?(revenue|spend)|lifetime value|clv|ltv|revenue|amount|amount spent|"
        r"gesamtumsatz|umsatz|umsatz gesamt|montant total|chiffre d affaires( total)?|gasto total|importe total|valor total"
    ),
    Role.TARGET: r"churn(ed)?( ?(flag|label|value))?|target|label|respon(se|ded)|conver(ted|sion)|is churn(ed)?|attrition|outcome|exited|gekuendigt|gekundigt|abgewandert",
    Role.TREATMENT: r"treatment|treated|exposed|is treated|test group|control group|campaign group|treatment group",
}
_ROLES = {role: re.compile(pattern) for role, pattern in _ROLE_WORDS.items()}

IDENTIFIER = re.compile(
    r"(.* )?(id|ids|nr|no|num|number|code|key|uid|uuid|guid|sku|ean|isbn|iban|bic|ssn|vat|nummer|kennung|numero|codigo|"
    r"hash|token|ref|reference|identifier|fips|nsn|catid|hid|barcode|gtin|upc|plate|serial)( \d)?|"
    r"id .*|.*(nummer|nr|kennung)"
)
_COUNTS = re.compile(r"(.* )?(number|no|nr|num|anzahl|nombre|numero|count) (of|de|der) .*|.*\b(headcount|count|anzahl)\b.*|n")
_NOT_IDS = frozenset({"paid", "bid", "grid", "void", "valid", "solid", "fluid", "rapid", "acid", "aid", "kid", "lid", "mid", "rid", "raid", "squid", "covid", "hybrid", "android", "liquid", "centroid"})

PERSONAL: tuple[tuple[Personal, re.Pattern[str]], ...] = (
    (Personal.EMAIL, re.compile(r".*\b(e ?mail|mail|courriel|correo( electronico)?)( ?(address|adresse|id))?")),
    (Personal.PHONE, re.compile(r".*\b(phone|telephone|telefon|tel|mobile|mobil|cell|cellphone|handy|fax|telefono|movil|portable|rufnummer|telefonnummer|handynummer)( ?(no|nr|number|nummer|num))?|contact phone")),
    (Personal.BIRTH_DATE, re.compile(r".*\b(birth ?date|birthday|date of birth|dob|geburts ?datum|geburtstag|geburtsjahr|year ?of? ?birth|birth ?year|year birth|date de naissance|naissance|fecha de nacimiento|nacimiento)")),
    (Personal.ADDRESS, re.compile(r"(.*\b)?(street|address|addr|address line \d|strasse|str|anschrift|adresse|hausnummer|house number|rue|calle|direccion|domicilio|billing address|property address)( ?\d| name| no| nr)?")),
    (Personal.NAME, re.compile(r"(first|last|full|sur|middle|given|family|maiden|customer|client|contact|person|user|member|cardholder|buyer|display|nick|recipient|vor|nach|familien|kunden|employee|staff)? ?name|surname|firstname|lastname|fullname|vorname|nachname|familienname|kundenname|nom|prenom|nom (de )?(famille|client|complet)|nombre( completo| cliente| y apellidos?)?|apellidos?( \w+)?|customer ?name|initials|rufname|ansprechpartner|ratepayer")),
    (Personal.OTHER, re.compile(r"iban|bic|account holder|credit ?card( no| number)?|card number|ssn|social security( no| number)?|passport( no| number)?|national id|tax id|steuer ?id|sozialversicherungsnummer|nif|dni|nie|ip|ip address|device id|license plate|kennzeichen|passwort?d?|user ?name|login|twitter|facebook|instagram|url profile")),
)  # fmt: skip
SENSITIVE = re.compile(
    r"(.*\b)?(gender|sex|geschlecht|sexe|sexo|genero|genre|age|alter|edad|birth year|religion|konfession|race|ethnic(ity)?|ethnie|ethnic group|"
    r"nationality|nationalitaet|nationalitat|nationalite|nacionalidad|citizenship|disability|behinderung|health|gesundheit|diagnosis|diagnose|illness|"
    r"sexual orientation|orientation|political|party|pregnan(t|cy)|marital( status)?|familienstand|union member|senior ?citizen|ethnic origin|origin ethnic|caste)( ?(group|band|range|class|years|code|identity))?"
)


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """A column name as plain words: camel case split, accents gone, signs to blanks, lower case."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    bare = "".join(each for each in unicodedata.normalize("NFKD", split) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w]|_", " ", bare.lower()).split())


def roles_of(name: str) -> frozenset[Role]:
    """The roles that a column of that name may have."""
    words = plain(name)
    squeezed = words.replace(" ", "")
    return frozenset(
        role for role, pattern in _ROLES.items() if pattern.fullmatch(words) or pattern.fullmatch(squeezed)
    )


def names_a_thing(name: str) -> bool:
    """Whether the name says that the values name things (id, number, code ...), and do not count them."""
    words = plain(name)
    if _COUNTS.fullmatch(words) or words in _NOT_IDS:
        return False
    if IDENTIFIER.fullmatch(words) or (re.fullmatch(r"[a-z]{1,4}id", words) and words not in _NOT_IDS):
        return True
    return bool(
        roles_of(name) & {Role.CUSTOMER, Role.ORDER, Role.PRODUCT, Role.POSTCODE} or personal_of(name) is Personal.PHONE
    )


def personal_of(name: str) -> Personal | None:
    """Why a column of that name would be personal data, or None."""
    words = plain(name)
    return next((why for why, pattern in PERSONAL if pattern.fullmatch(words)), None)


def is_sensitive(name: str) -> bool:
    """Whether a column of that name needs care by law or ethics."""
    return bool(SENSITIVE.fullmatch(plain(name)))
