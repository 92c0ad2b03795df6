"""Roles by names in four languages and by facts, personal data, and the grain."""

from __future__ import annotations

import pytest
from reads import Read

from segtui.api import Grain, Kind, Personal, Role
from segtui.read import ColumnReading, Reading

ORDERS = {
    "english": ("order_id,customer_id,order_date,product_id,quantity,unit_price,country", "name"),
    "german": ("Bestellnummer,Kundennummer,Bestelldatum,Artikelnummer,Menge,Einzelpreis,Land", "name"),
    "french": ("Numéro commande,Code client,Date commande,Référence produit,Quantité,Prix unitaire,Pays", "name"),
    "spanish": ("Número pedido,ID cliente,Fecha pedido,Código producto,Cantidad,Precio unitario,País", "name"),
    "camel case": ("InvoiceNo,CustomerID,InvoiceDate,StockCode,Quantity,UnitPrice,Country", "name"),
}
LINES = "".join(
    f"{1000 + row // 3},{row % 40 + 500},2024-{row % 12 + 1:02d}-{row % 28 + 1:02d},{row % 17 + 20},{row % 5 + 1},"
    f"{row % 90 / 10 + 1},{'DE' if row % 4 else 'FR'}\n"
    for row in range(300)
)


@pytest.mark.parametrize(("header", "word"), ORDERS.values(), ids=ORDERS.keys())
def test_order_lines_in_four_languages(header: str, word: str, read_text: Read) -> None:
    table = read_text(f"{header}\n{LINES}").table
    expected = [Role.ORDER, Role.CUSTOMER, Role.DATE, Role.PRODUCT, Role.QUANTITY, Role.PRICE, Role.COUNTRY]
    assert [column.role for column in table.columns.values()] == expected
    assert all(word in column.reason for column in table.columns.values())
    assert table.grain is Grain.LINE


def test_the_grain_of_orders_and_customers(read_text: Read) -> None:
    orders = "".join(f"{row},{row % 40 + 500},2024-01-{row % 28 + 1:02d},{row}.5\n" for row in range(1000, 1300))
    table = read_text("order_id,customer,date,amount\n" + orders).table
    assert table.grain is Grain.ORDER and table.having(Role.AMOUNT) == "amount"
    without = "".join(f"{row % 40 + 500},2024-01-{row % 28 + 1:02d},{row}.5\n" for row in range(1000, 1300))
    assert read_text("customer,date,amount\n" + without).table.grain is Grain.ORDER
    people = "".join(
        f"C{row},{row % 60 + 18},{row % 9},{row}.5,2020-01-{row % 28 + 1:02d}\n" for row in range(1000, 1300)
    )
    table = read_text("client_id,age,frequency,monetary,signup_date\n" + people).table
    assert table.grain is Grain.CUSTOMER
    assert table.having(Role.FREQUENCY) == "frequency" and table.having(Role.MONETARY) == "monetary"
    assert table.having(Role.DATE) is None and table.columns["signup_date"].kind is Kind.DATE
    assert table.columns["age"].sensitive
    other = read_text("colour,size\n" + "red,1\nblue,2\n" * 8).table
    assert other.grain is Grain.OTHER


def test_facts_beat_names(read_text: Read) -> None:
    rows = "".join(f"{row % 40 + 500},hello {row},{row}.5\n" for row in range(200))
    table = read_text("customer,date,latitude\n" + rows).table
    assert table.having(Role.DATE) is None and table.having(Role.LATITUDE) is None
    places = "".join(f"{row % 40 + 500},{row / 10 - 9},{row - 100}.25\n" for row in range(200))
    table = read_text("customer,lat,lon\n" + places).table
    assert (table.having(Role.LATITUDE), table.having(Role.LONGITUDE)) == ("lat", "lon")


def test_one_column_a_role(read_text: Read) -> None:
    rows = "".join(
        f"{row % 40},{row % 30},2024-01-{row % 28 + 1:02d},2024-02-{row % 28 + 1:02d},{row}.5\n" for row in range(200)
    )
    table = read_text("customer_id,client_id,order_date,ship_date,amount\n" + rows).table
    roles = [column.role for column in table.columns.values() if column.role]
    assert len(roles) == len(set(roles))
    assert (table.having(Role.CUSTOMER), table.having(Role.DATE)) == ("customer_id", "order_date")


PERSONAL = {
    "first_name": (Personal.NAME, ["Ann", "Bob", "Cy"]),
    "Nachname": (Personal.NAME, ["Groß", "Klein", "Mann"]),
    "E-Mail": (Personal.EMAIL, ["a@b.de", "c@d.de", "e@f.de"]),
    "Telefon": (Personal.PHONE, ["030 123", "040 456", "050 789"]),
    "mobile_number": (Personal.PHONE, ["030123", "040456", "050789"]),
    "date_of_birth": (Personal.BIRTH_DATE, ["1980-01-01", "1990-05-05", "2000-12-31"]),
    "street": (Personal.ADDRESS, ["Main St 1", "High St 2", "Low St 3"]),
    "Straße": (Personal.ADDRESS, ["Weg 1", "Gasse 2", "Allee 3"]),
    "iban": (Personal.OTHER, ["DE12", "DE34", "DE56"]),
    "product_name": (None, ["Tea", "Mug", "Cup"]),
    "amount": (None, ["1.5", "2.5", "3.5"]),
}


@pytest.mark.parametrize(("name", "why", "values"), [(name, *rest) for name, rest in PERSONAL.items()])
def test_personal_data(name: str, why: Personal | None, values: list[str], read_text: Read) -> None:
    table = read_text(f"{name};x\n" + "".join(f"{value};1\n" for value in values * 4)).table
    assert table.columns[name].personal is why


@pytest.mark.parametrize("name", ["gender", "Geschlecht", "Age", "religion", "SeniorCitizen", "age_group"])
def test_sensitive_data(name: str, read_text: Read) -> None:
    assert read_text(f"{name};x\n" + "a;1\nb;1\n" * 8).table.columns[name].sensitive


def test_findings_of_a_purchase_table(read_text: Read) -> None:
    rows = [f"{536000 + row // 2},{row % 20 + 100},2024-01-{row % 28 + 1:02d},{row}.5,EUR" for row in range(200)]
    rows += [
        "C536001,105,2024-02-01,-3.5,EUR",
        "536002,,2024-02-01,5.0,EUR",
        "536003,7,2031-01-01,5.0,EUR",
        rows[0],
        rows[0],
    ]
    table = read_text("order_no,customer,date,amount,currency\n" + "\n".join(rows) + "\n").table
    found = {finding.text: finding.rows for finding in table.findings}
    assert found["1 row with a negative amount."] == 1
    assert found["1 row without a customer."] == 1
    assert found["1 row lies after today."] == 1
    assert found["2 rows repeat another row exactly."] == 2
    assert found["1 row with an order number that starts with C, which usually marks a cancellation."] == 1
    assert found["Every row holds the same value here."] == 205


@pytest.mark.parametrize(
    ("values", "personal"),
    [
        (("Ann Smith", "Bo O'Neil", "Zoë van Dyck", "J. Doe"), Personal.NAME),
        (("C0001", "C0002", "C0003", "C0004"), None),
        (("Shop 12", "Shop 13", "Shop 14", "Shop 15"), None),
        (("north", "south", "east", "west"), None),
    ],
)
def test_customers_told_apart_by_their_full_names_are_personal(
    values: tuple[str, ...], personal: Personal | None, read_text: Read
) -> None:
    lines = "".join(f"{values[row % 4]},2024-01-{row % 28 + 1:02d},{row}.5\n" for row in range(60))
    table = read_text("customer_id,order_date,amount\n" + lines).table
    assert table.columns["customer_id"].role is Role.CUSTOMER
    assert table.columns["customer_id"].personal is personal
    kept = Reading(columns={"customer_id": ColumnReading(personal="none")})
    again = read_text("customer_id,order_date,amount\n" + lines, kept).table
    assert again.columns["customer_id"].personal is None
