"""Addresses are read as the page says; what is normal stays as it is; restrictions hold for whom they are."""

import csv
from datetime import date
from pathlib import Path

import ec_erp.parties
import pytest
from algorithm_tables import Row, read_table
from ec_erp.parties.rules.addresses import (
    CITY,
    PROVINCE,
    Address,
    Region,
    RegionTable,
    Restriction,
    parse,
    plain_region,
    restricted,
)
from hypothesis import given
from hypothesis import strategies as st

PAGE = "addresses.md"
FILE = Path(ec_erp.parties.__file__).parent / "regions" / "cn-2023.csv"
with FILE.open(encoding="utf-8", newline="") as source:
    ROWS = [Region(row["code"], row["region_name"], row["level"], row["parent"]) for row in csv.DictReader(source)]
TABLE = RegionTable.of(ROWS)
CITIES = [one for one in ROWS if one.level == CITY]
DAY = date(2026, 11, 1)


@pytest.mark.parametrize("row", read_table(PAGE, "Reading"), ids=lambda row: "".join(row.values())[:40])
def test_reading(row: Row) -> None:
    found = parse(Address(row["province"], row["city"], row["district"], row["street"]), TABLE)
    told = (found.province, found.city, found.district, found.street, found.code, found.state)
    assert told == tuple(row[key] for key in ("→ province", "→ city", "→ district", "→ street", "code", "state"))


@pytest.mark.parametrize("row", read_table(PAGE, "Where nobody delivers"), ids=lambda row: " ".join(row.values()))
def test_where_nobody_delivers(row: Row) -> None:
    where, _, who = row["restriction"].partition(" ")
    province, _, city = where.partition("/")
    carrier, warehouse = (
        who.removeprefix("by ") if "by" in who else "",
        who.removeprefix("from ") if "from" in who else "",
    )
    found = parse(Address(street=f"{row['place']}某路 1 号"), TABLE)
    rules = [Restriction("R", province, city, carrier=carrier, warehouse=warehouse)]
    told = restricted(rules, found, DAY, carrier=row["carrier"], warehouse=row["warehouse"])
    assert (told is None) == (row["delivered"] == "yes")


def test_a_restriction_holds_on_its_days() -> None:
    rule = Restriction("R", "浙江省", valid_from=DAY, valid_to=DAY, reason="flood")
    place = Address("浙江省")
    days = [date(2026, 10, 31), DAY, date(2026, 11, 2)]
    assert [restricted([rule], place, day) is None for day in days] == [True, False, True]


def test_other_countries_are_left_alone() -> None:
    given_address = Address("Kent", "Dover", "", "1 High Street", "United Kingdom")
    assert parse(given_address, TABLE, required=True) == given_address


def test_without_a_street_an_address_is_incomplete_only_where_one_is_required() -> None:
    given_address = Address("浙江省", "杭州市")
    assert (parse(given_address, TABLE).state, parse(given_address, TABLE, required=True).state) == ("", "Incomplete")


def test_the_table_has_no_orphans_and_no_two_names_alike() -> None:
    provinces = {one.code for one in ROWS if one.level == PROVINCE}
    assert (len(provinces), len(CITIES), {one.parent for one in CITIES} <= provinces) == (34, 365, True)
    plain = [(one.level, one.parent, plain_region(one.name)) for one in ROWS]
    assert len(set(plain)) == len(plain)


@given(st.sampled_from(CITIES), st.sampled_from(["解放路 1 号", "和平街道 3 幢", "x"]), st.booleans(), st.booleans())
def test_every_city_is_found_however_it_is_written(city: Region, street: str, short: bool, apart: bool) -> None:
    province = TABLE.by_code[city.parent]
    names = [plain_region(one.name) if short else one.name for one in (province, city)]
    written = Address(*names, street=street) if apart else Address(street="".join([*names, street]))
    found = parse(written, TABLE)
    assert (found.province, found.city, found.state) == (province.name, city.name, "Valid")


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=8), st.text(max_size=30))
def test_reading_twice_changes_nothing(province: str, city: str, district: str, street: str) -> None:
    once = parse(Address(province, city, district, street), TABLE)
    assert parse(once, TABLE) == once
