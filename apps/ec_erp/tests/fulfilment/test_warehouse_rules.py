"""Waves, routes, checks and parcels follow their pages and keep their bounds."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.fulfilment.rules import baskets, checking, packing, putting_back, routing, scales, shortages, waving
from ec_erp.fulfilment.types import CheckLine, PackLine, PutBackLine, WaitingNote, WantedGoods, WaveTerms
from ec_erp.inventory.types import IN_STOCK, OUT, Piece, Place, PlaceKey, StockKey
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 6, 15, 12)
ZERO = Decimal(0)
LIMITS = {"least": "min_orders", "most": "max_orders", "wait": "wait_limit_minutes", "weight": "max_weight_g"}


def rule_of(kind: str, limits: str = "", **fields: object) -> WaveTerms:
    values: dict[str, object] = {"min_orders": 1}
    for part in filter(None, (part.strip() for part in limits.split(","))):
        words = part.split()
        if words[0] == "misses":
            values.update(most_misses=int(words[1]), misses=int(words[3]))
        else:
            values[LIMITS[words[0]]] = Decimal(words[1]) if words[0] == "weight" else int(words[1])
    return WaveTerms("R", "W", kind, **{**values, **fields})  # type: ignore[arg-type]


def note_of(text: str, **fields: object) -> WaitingNote:
    name, goods, age = text.split()
    skus = tuple((sku, Decimal(1)) for sku in goods.split("+"))
    since = NOW - timedelta(minutes=int(age))
    return WaitingNote(name, f"O-{name}", skus, since, weight_g=100 * Decimal(len(skus)), **fields)  # type: ignore[arg-type]


def names(waves: list[waving.PlannedWave]) -> list[str]:
    return ["+".join(note.note for note in wave.notes) for wave in waves]


@pytest.mark.parametrize("row", read_table("waves.md", "Plans"))
def test_plans(row: Row) -> None:
    waiting = [note_of(part.strip()) for part in row["waiting"].split(";")]
    waves, misses = waving.plan_waves(rule_of(row["kind"], row["limits"]), waiting, NOW)
    whole = [name for name in names(waves)]
    assert whole == [part.strip() for part in row["waves"].split(",") if part.strip()]
    assert misses == int(row["misses"])


def test_urgent_waves_take_what_must_leave_soon() -> None:
    soon = note_of("D1 A 1", ship_by=NOW + timedelta(hours=1))
    later = note_of("D2 A 1", ship_by=NOW + timedelta(hours=9))
    waves, _ = waving.plan_waves(rule_of("Urgent", "least 5", urgent_hours=Decimal(2)), [later, soon], NOW)
    assert (names(waves), waves[0].reason) == (["D1"], waving.HURRY)


def test_cut_off_waves_run_before_the_collection_only() -> None:
    rule = rule_of("Cut-Off", cut_off=time(13), cut_off_lead_minutes=90)
    assert waving.is_due(rule, NOW)
    assert not waving.is_due(rule, NOW - timedelta(hours=1))
    assert not waving.is_due(rule, NOW + timedelta(hours=2))


def test_rules_rest_between_runs() -> None:
    rule = rule_of("Pick and Sort", every_minutes=10, last_run=NOW - timedelta(minutes=9))
    assert (waving.is_due(rule, NOW), waving.is_due(rule, NOW + timedelta(minutes=1))) == (False, True)


def test_other_shops_and_carriers_wait_for_their_own_rule() -> None:
    rule = rule_of("Pick and Sort", shop="S", carrier="C")
    waiting = [note_of("D1 A 1", shop="S", carrier="C"), note_of("D2 A 1", shop="S"), note_of("D3 A 1", carrier="C")]
    assert names(waving.plan_waves(rule, waiting, NOW)[0]) == ["D1"]


@given(st.lists(st.integers(0, 100), max_size=30), st.integers(1, 5), st.integers(0, 7), st.integers(0, 900))
def test_no_delivery_is_lost_doubled_or_beyond_the_limits(ages: list[int], least: int, most: int, heavy: int) -> None:
    rule = rule_of("Pick and Sort", min_orders=least, max_orders=most, max_weight_g=Decimal(heavy))
    waiting = [note_of(f"D{place} A+B {age}") for place, age in enumerate(ages)]
    waves, _ = waving.plan_waves(rule, waiting, NOW)
    taken = [note.note for wave in waves for note in wave.notes]
    assert len(taken) == len(set(taken))
    for wave in waves:
        assert len(wave.notes) >= least
        assert not most or len(wave.notes) <= most
        assert not heavy or len(wave.notes) == 1 or sum(note.weight_g for note in wave.notes) <= heavy


def place(text: str) -> Place:
    name, at, free, *expiry = text.split()
    key = PlaceKey(StockKey("A", "W"), name, "", "Good")
    expires = date(int(expiry[0]), 1, 1) if expiry else None
    return Place(key, Decimal(free), expires=expires, rank=(0, 0, int(at), name))


def wanted(text: str) -> WantedGoods:
    basket, sku, qty = text.replace(":", "").split()
    return WantedGoods(f"D{basket}", f"L{basket}", sku, Decimal(qty), int(basket))


@pytest.mark.parametrize("row", read_table("pick-route.md", "Picks"))
def test_picks(row: Row) -> None:
    goods = [wanted(part) for part in row["wants"].split(";")]
    places = [place(part) for part in row["bins"].split(",")]
    picks = routing.choose_bins(goods, {"A": places}, NOW.date(), has_bins=True)
    shown = ", ".join(f"{pick.wanted.basket} {pick.bin or '-'} {pick.qty}" for pick in picks)
    way = ", ".join(f"{stop.bin or '-'} {stop.sku} {stop.qty}" for stop in routing.route(picks))
    assert (shown, way) == (row["picks"], row["way"])


def test_closed_defective_and_old_goods_are_left() -> None:
    from dataclasses import replace

    old = replace(place("P1 1 9"), sell_until=date(2026, 6, 14))
    closed = replace(place("P2 2 9"), sellable=False)
    bad = replace(place("P3 3 9"), at=PlaceKey(StockKey("A", "W"), "P3", "", "Defective"))
    promised = replace(place("P4 4 9"), allocated=Decimal(6), frozen=Decimal(1))
    picks = routing.choose_bins([wanted("1: A 5")], {"A": [old, closed, bad, promised]}, NOW.date(), has_bins=True)
    assert [(pick.bin, pick.qty) for pick in picks] == [("P4", 2), ("", 3)]


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 20)), max_size=6),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=6),
)
def test_picks_add_up_and_take_no_more_than_there_is(wants: list[tuple[int, int]], bins: list[tuple[int, int]]) -> None:
    goods = [WantedGoods("D", f"L{at}", "A", Decimal(qty), basket) for at, (basket, qty) in enumerate(wants)]
    places = [place(f"P{at} {route} {free}") for at, (route, free) in enumerate(bins)]
    picks = routing.choose_bins(goods, {"A": places}, NOW.date(), has_bins=True)
    for one in goods:
        assert sum(pick.qty for pick in picks if pick.wanted is one) == one.qty
    for there in places:
        assert sum(pick.qty for pick in picks if pick.bin == there.at.bin) <= there.on_hand
    stops = routing.route(picks)
    routes = [next(there.rank for there in places if there.at.bin == stop.bin) for stop in stops if stop.bin]
    assert routes == sorted(routes)
    assert sum(stop.qty for stop in stops) == sum(qty for _, qty in wants)


LINES = (CheckLine("1", "A", Decimal(2)), CheckLine("2", "B", Decimal(1)), CheckLine("3", "A", Decimal(1)))


def test_scanning_counts_until_all_is_there() -> None:
    lines, outcomes = LINES, []
    for sku in ("a", "B", "A", "A"):
        found = checking.check_scan(lines, sku, Decimal(1))
        lines = found.lines
        outcomes.append(found.outcome)
    assert outcomes == ["ok", "ok", "ok", "done"]
    assert [line.checked for line in lines] == [2, 1, 1]


@pytest.mark.parametrize(
    ("sku", "qty", "outcome"), [("C", 1, "wrong"), ("B", 2, "surplus"), ("A", 4, "surplus"), ("A", 0, "surplus")]
)
def test_wrong_and_surplus_scans_change_nothing(sku: str, qty: int, outcome: str) -> None:
    assert checking.check_scan(LINES, sku, Decimal(qty)) == checking.Scanned(outcome, LINES)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 3)), max_size=15))
def test_no_line_is_checked_beyond_its_quantity(scans: list[tuple[str, int]]) -> None:
    lines = LINES
    for sku, qty in scans:
        lines = checking.check_scan(lines, sku, Decimal(qty)).lines
    assert all(0 <= line.checked <= line.qty for line in lines)


@pytest.mark.parametrize("row", read_table("parcel-weight.md", "Within"))
def test_within(row: Row) -> None:
    got = packing.is_within(*(number(row[title]) for title in ("expected", "weighed", "percent", "grams")))
    assert got == (row["within"] == "yes")


def pack_line(text: str) -> PackLine:
    name, qty, _, grams = text.split()
    return PackLine(name, name, Decimal(qty), Decimal(grams))


@pytest.mark.parametrize("row", read_table("parcel-weight.md", "Parcels"))
def test_parcels(row: Row) -> None:
    lines = [pack_line(part) for part in row["rows"].split(",")]
    parcels = packing.split_parcels(lines, Decimal(50), Decimal(1000))
    shown = "; ".join(", ".join(f"{line.line} {line.qty}" for line in parcel) for parcel in parcels)
    assert shown == row["parcels"]


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 700)), min_size=1, max_size=5), st.integers(0, 1500))
def test_parcels_hold_exactly_the_goods(rows: list[tuple[int, int]], most: int) -> None:
    lines = [PackLine(str(at), "A", Decimal(qty), Decimal(grams)) for at, (qty, grams) in enumerate(rows)]
    parcels = packing.split_parcels(lines, Decimal(50), Decimal(most))
    for line in lines:
        assert sum(part.qty for parcel in parcels for part in parcel if part.line == line.line) == line.qty
    for parcel in parcels:
        heavy = sum(part.qty * part.weight_g for part in parcel) + 50
        assert not most or heavy <= most or sum(part.qty for part in parcel if part.weight_g) <= 1


def test_unknown_weights_expect_nothing() -> None:
    lines = [PackLine("1", "A", Decimal(2), Decimal(100)), PackLine("2", "B", Decimal(1))]
    assert packing.expected_weight_g(lines, Decimal(50)) == 0
    assert packing.expected_weight_g(lines[:1], Decimal(50)) == 250


def test_parcels_by_hand_must_add_up() -> None:
    lines = [PackLine("1", "A", Decimal(2)), PackLine("2", "B", Decimal(1))]
    parcels, off = packing.wanted_parcels(lines, [[("1", Decimal(1))], [("1", Decimal(1)), ("2", Decimal(1))]])
    assert ([len(parcel) for parcel in parcels], off) == ([1, 2], {})
    assert packing.wanted_parcels(lines, [[("1", Decimal(3))]])[1] == {"1": 1, "2": -1}


put_back_rows = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(1, 5), st.sampled_from(["", "P1", "P2"])), max_size=6
)


@given(put_back_rows, st.sampled_from("AB"), st.integers(-1, 12), st.sampled_from(["P1", "P2"]))
def test_no_row_gets_more_back_than_was_picked(
    rows: list[tuple[str, int, str]], sku: str, qty: int, place: str
) -> None:
    lines = [PutBackLine(str(at), one, one, Decimal(many), where) for at, (one, many, where) in enumerate(rows)]
    parts = putting_back.spread(lines, sku, Decimal(qty), place)
    picked = sum(many for one, many, _ in rows if one == sku)
    assert sum(part for _, part in parts) == (qty if 0 < qty <= picked else 0)
    assert all(line.sku == sku and 0 < part <= line.left for line, part in parts)
    fits = [line.bin == place for line, _ in parts]
    assert fits == sorted(fits, reverse=True)  # rows that came from the bin go first


def test_a_put_back_task_ends_with_its_last_goods() -> None:
    line = PutBackLine("1", "A", "A", Decimal(3), done=Decimal(2))
    assert not putting_back.is_done([line])
    assert putting_back.is_done([PutBackLine("1", "A", "A", Decimal(3), done=Decimal(2), missing=Decimal(1))])


@pytest.mark.parametrize(
    ("text", "unit", "grams"),
    [
        ("455", "Gram", "455"),
        ("455 g", "Kilogram", "455"),
        ("0.455", "Kilogram", "455"),
        ("+ 1,2kg", "Gram", "1200"),
        ("3公斤", "Gram", "3000"),
    ],
)
def test_weights_that_scales_type(text: str, unit: str, grams: str) -> None:
    assert scales.weight_g(text, unit) == Decimal(grams)


@given(st.text(max_size=12))
def test_a_text_is_a_weight_or_nothing(text: str) -> None:
    found = scales.weight_g(text)
    assert found is None or found >= 0


def test_which_pieces_may_go() -> None:
    lines = [CheckLine("1", "A", Decimal(2), Decimal(1), "W", ("n1",))]
    here, gone = Piece("n2", "A", IN_STOCK, "W"), Piece("n2", "A", OUT)
    assert checking.serial_problems(lines, "n2", here) == []
    for serial, piece in (("N1", here), ("n2", gone), ("n2", None), ("n2", Piece("n2", "A", IN_STOCK, "X"))):
        assert checking.serial_problems(lines, serial, piece), (serial, piece)


def delivery_rows(text: str) -> list[shortages.DeliveryRow]:
    parts = [part.split() for part in text.split(",")]
    return [shortages.DeliveryRow("N", basket, int(basket), Decimal(qty)) for basket, qty in parts]


@pytest.mark.parametrize("row", read_table("pick-route.md", "Shortages"))
def test_shortages_of_the_page(row: Row) -> None:
    taken, rest = shortages.take_from(delivery_rows(row["rows"]), number(row["missing"]))
    assert ", ".join(f"{one.basket} {qty}" for one, qty in taken) == row["go without"]
    assert rest == number(row["in no row"])


@given(st.lists(st.integers(0, 9), max_size=6), st.integers(0, 40))
def test_what_goes_without_adds_up_to_what_is_missing(rows: list[int], missing: int) -> None:
    wanted = [shortages.DeliveryRow("N", str(at), at, Decimal(qty)) for at, qty in enumerate(rows)]
    taken, rest = shortages.take_from(wanted, Decimal(missing))
    assert sum(qty for _, qty in taken) + rest == missing
    assert all(qty <= row.qty for row, qty in taken)


@pytest.mark.parametrize("row", read_table("pick-route.md", "Baskets"))
def test_baskets_of_the_page(row: Row) -> None:
    found = putting_back.in_basket(delivery_rows(row["rows"]), number(row["picked"]))
    assert ", ".join(f"{basket} {qty}" for basket, qty in found.items()) == row["in baskets"]


@given(st.lists(st.integers(0, 9), max_size=6), st.integers(-5, 40))
def test_baskets_hold_all_that_was_picked_and_none_more_than_it_wants(rows: list[int], picked: int) -> None:
    wanted = [shortages.DeliveryRow("N", str(at), at, Decimal(qty)) for at, qty in enumerate(rows)]
    found = putting_back.in_basket(wanted, Decimal(picked))
    assert sum(found.values()) == max(0, min(picked, sum(rows)))
    assert all(0 <= found[row.line] <= row.qty for row in wanted)


@pytest.mark.parametrize(("picked", "held", "there"), [(2, 5, 2), (5, 5, 5), (5, 3, 3), (5, 0, None)])
def test_baskets_hold_what_was_picked_and_has_not_left(picked: int, held: int, there: int | None) -> None:
    at = ("W", ("A", "P1", ""))
    found = baskets.in_baskets([(at, Decimal(picked), NOW)], {at: Decimal(held)})
    assert found == ([(at[1], Decimal(there), NOW)] if there else [])


def test_a_scanned_batch_fills_its_own_lines_and_no_others() -> None:
    lines = [CheckLine("1", "A", Decimal(2), batch="A|L1"), CheckLine("2", "A", Decimal(1), batch="A|L2")]
    found = checking.check_scan(lines, "A", Decimal(1), "A|L2")
    assert [line.checked for line in found.lines] == [0, 1]
    assert checking.check_scan(found.lines, "A", Decimal(1), "A|L2").outcome == checking.SURPLUS
    assert checking.check_scan(lines, "A", Decimal(1), "A|L3").outcome == checking.WRONG_BATCH
    assert checking.batches_wanted(found.lines, "A") == ["A|L1"]


def test_lines_without_a_batch_take_the_first_one_that_is_scanned() -> None:
    once = checking.check_scan([CheckLine("1", "A", Decimal(2))], "A", Decimal(1), "A|L1")
    assert once.lines[0].batch == "A|L1"
    assert checking.check_scan(once.lines, "A", Decimal(1), "A|L2").outcome == checking.WRONG_BATCH
    assert checking.check_scan(once.lines, "A", Decimal(1), "A|L1").outcome == checking.DONE
