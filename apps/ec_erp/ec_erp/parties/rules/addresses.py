"""Reading Chinese addresses: province, city, district and street, normalised by a table of regions: pure.

Invariants: what is read twice is the same (normalising a normal address changes nothing); a region that the table does not
have is never made up. Worked tables: docs/algorithms/addresses.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from ec_erp.kernel.problems import N_, Problem, problem

PROVINCE, CITY, DISTRICT = "Province", "City", "District"
VALID, INCOMPLETE, UNKNOWN, OUT_OF_RANGE = "Valid", "Incomplete", "Unknown", "Out of Range"
_HOME = ("", "china", "cn", "中国", "中华人民共和国")
# Words at the end of a region's name that people leave out, the longest first.
_ENDINGS = ("特别行政区", "自治区", "自治州", "自治县", "地区", "林区", "省", "市", "盟", "区", "县", "旗", "州")
_PEOPLES = (
    "维吾尔", "哈萨克", "土家族", "苗族", "藏族", "羌族", "彝族", "布依族", "侗族", "哈尼族", "壮族", "回族", "傣族", "白族",
    "景颇族", "傈僳族", "蒙古族", "蒙古", "朝鲜族", "柯尔克孜", "黎族",
)  # fmt: skip
_SHORT = 2  # a name is not shortened below two characters
_DISTRICT = re.compile(r"^\s*(\S{1,11}?(?:自治县|自治旗|新区|矿区|林区|区|县|旗|市))")
_NO_DISTRICT = re.compile(r"(小区|园区|社区|校区|片区|开发区|厂区|景区|院区)$")


@dataclass(frozen=True, slots=True)
class Region:
    """A row of the table: official code, name, level, the code of the region it lies in."""

    code: str
    name: str
    level: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A receiver's place. ``state`` is empty where there is nothing to be read (no address, another country)."""

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    country: str = ""
    code: str = ""
    state: str = ""


@dataclass(frozen=True)
class RegionTable:
    """The regions, by level and by what people write."""

    regions: tuple[Region, ...]
    by_code: Mapping[str, Region] = field(default_factory=dict)
    below: Mapping[str, tuple[Region, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Region]) -> RegionTable:
        """Return a table that can be searched."""
        regions = tuple(sorted(rows, key=lambda one: one.code))
        below: dict[str, list[Region]] = {}
        for one in regions:
            below.setdefault(one.parent, []).append(one)
        return cls(regions, {one.code: one for one in regions}, {code: tuple(found) for code, found in below.items()})

    def named(self, name: str, level: str, within: Sequence[str] = ()) -> Region | None:
        """Return the region of a level that is written like this, inside one of ``within`` where given; None where unclear."""
        wanted = plain_region(name)
        found = [
            one
            for one in self.regions
            if one.level == level and (not within or one.parent in within) and plain_region(one.name) == wanted
        ]
        return found[0] if len(found) == 1 else None

    def leading(self, text: str, level: str, within: Sequence[str] = ()) -> tuple[Region, int] | None:
        """Return the region of a level that a text begins with, and how many characters that are; the longest match."""
        best: tuple[Region, int] | None = None
        for one in self.regions:
            if one.level != level or (within and one.parent not in within):
                continue
            for spelling in (one.name, plain_region(one.name)):
                if text.startswith(spelling) and (best is None or len(spelling) > best[1]):
                    best = (one, len(spelling))
        return best


@lru_cache(maxsize=4096)
def plain_region(name: str) -> str:
    """Return a region's name without what people leave out: 内蒙古自治区 → 内蒙古, 恩施土家族苗族自治州 → 恩施."""
    text = re.sub(r"\s", "", name)
    for ending in _ENDINGS:
        if text.endswith(ending) and len(text) - len(ending) >= _SHORT:
            text = text.removesuffix(ending)
            break
    return _without_peoples(text)


def _without_peoples(text: str) -> str:
    for people in _PEOPLES:
        if text.endswith(people) and len(text) - len(people) >= _SHORT:
            return _without_peoples(text.removesuffix(people))
    return text


def is_abroad(country: str) -> bool:
    """Tell whether a country is another one than China."""
    return country.strip().casefold() not in _HOME


def parse(address: Address, table: RegionTable, *, required: bool = False) -> Address:
    """Return an address with its regions as the table writes them, read from the street where they are not given.

    State: Valid; Incomplete (province, city or street missing); Unknown (a region that the table does not have). Without a
    street it is Incomplete where one is ``required``, else nothing is said.
    """
    given = Address(
        *(part.strip() for part in (address.province, address.city, address.district, address.street, address.country))
    )
    if is_abroad(given.country) or not table.regions:
        return given
    if not given.street and not required:
        return given
    province, rest, unknown = _province(given, table)
    city, rest, lost = _city(given, table, province, rest)
    if city is not None and province is None:
        province = table.by_code.get(city.parent)
    unknown = unknown or lost
    district, rest, code = _district(given, table, city or province, rest)
    return Address(
        province=province.name if province else given.province,
        city=_city_name(city, province) or given.city,
        district=district,
        street=rest,
        country=given.country,
        code=code or (city.code if city else province.code if province else ""),
        state=_state(province, city, rest, unknown=unknown),
    )


def _province(given: Address, table: RegionTable) -> tuple[Region | None, str, bool]:
    if given.province:
        found = table.named(given.province, PROVINCE)
        return found, _without(given.street, found), found is None
    leading = table.leading(given.street, PROVINCE)
    return (leading[0], given.street[leading[1] :].lstrip(), False) if leading else (None, given.street, False)


def _city(given: Address, table: RegionTable, province: Region | None, rest: str) -> tuple[Region | None, str, bool]:
    """Return the city, what is left of the street, and whether a city was named that is not there."""
    within = (province.code,) if province else ()
    if province is not None and not table.below.get(province.code):  # 北京市, 香港: the province is the city
        return None, _without(rest, province), False
    if given.city:
        found = table.named(given.city, CITY, within)
        return found, _without(rest, found), found is None
    leading = table.leading(rest, CITY, within)
    return (leading[0], rest[leading[1] :].lstrip(), False) if leading else (None, rest, False)


def _district(given: Address, table: RegionTable, above: Region | None, rest: str) -> tuple[str, str, str]:
    """Return the district, what is left of the street, and its code where the table has it."""
    within = (above.code,) if above else ()
    if given.district:
        found = table.named(given.district, DISTRICT, within) if within else None
        name = found.name if found else given.district
        street = rest.removeprefix(name).lstrip()
        return name, street or rest, found.code if found else ""
    leading = table.leading(rest, DISTRICT, within) if within else None
    if leading:
        return leading[0].name, rest[leading[1] :].lstrip(), leading[0].code
    written = _DISTRICT.match(rest) if above else None
    if written is None or _NO_DISTRICT.search(written.group(1)):
        return "", rest, ""
    return written.group(1), rest[written.end() :].lstrip(), ""


def _without(text: str, region: Region | None) -> str:
    """Return a street without the region that it begins with, as people repeat it; a street never becomes empty by that."""
    if region is None:
        return text
    left = text.removeprefix(region.name).lstrip()
    return left or text


def _city_name(city: Region | None, province: Region | None) -> str:
    if city is not None:
        return city.name
    return province.name if province is not None and province.name.endswith(("市", "特别行政区")) else ""


def _state(province: Region | None, city: Region | None, street: str, *, unknown: bool) -> str:
    if unknown:
        return UNKNOWN
    if province is None or not street:
        return INCOMPLETE
    return VALID if city is not None or _city_name(city, province) or province.code.startswith("71") else INCOMPLETE


@dataclass(frozen=True, slots=True)
class Restriction:
    """Where nobody, a carrier or a warehouse does not deliver. Empty parts stand for all; moments are days, both included."""

    name: str
    province: str
    city: str = ""
    district: str = ""
    carrier: str = ""
    warehouse: str = ""
    reason: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def restricted(
    restrictions: Iterable[Restriction], place: Address, day: date, *, carrier: str = "", warehouse: str = ""
) -> Problem | None:
    """Return why a place can't be delivered to by a carrier from a warehouse on a day; None where it can."""
    for one in restrictions:
        if _applies(one, place, day) and one.carrier in ("", carrier) and one.warehouse in ("", warehouse):
            who = ", ".join(filter(None, (one.carrier, one.warehouse)))
            where = f"{one.province}{one.city}{one.district}"
            if who:
                return problem(N_("{0} does not deliver to {1}: {2}"), who, where, one.reason or one.name)
            return problem(N_("Nothing is delivered to {0}: {1}"), where, one.reason or one.name)
    return None


def _applies(one: Restriction, place: Address, day: date) -> bool:
    if (one.valid_from and day < one.valid_from) or (one.valid_to and day > one.valid_to):
        return False
    pairs = ((one.province, place.province), (one.city, place.city), (one.district, place.district))
    return all(not wanted or plain_region(wanted) == plain_region(actual) for wanted, actual in pairs)
