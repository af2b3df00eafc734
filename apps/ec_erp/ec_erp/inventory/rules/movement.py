"""Applying movements and changes of promises to what is on the shelf, in order, all or nothing.

Invariant: where the result has shortages or problems nothing of it may be written; every shortage is named at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from ec_erp.inventory.rules import layers as fifo
from ec_erp.inventory.rules import pieces as serial_rules
from ec_erp.inventory.rules import placing
from ec_erp.inventory.rules.valuation import (
    balance_after,
    hole_variance,
    provisional_value,
    unit_cost,
    value_move,
    variance_entry,
)
from ec_erp.inventory.types import (
    AVAILABLE,
    COST_FROM_PROVISION,
    COST_FROM_REVERSAL,
    DEFECTIVE,
    EMPTY,
    FIFO,
    GOOD,
    ON_HAND,
    PLAIN_TERMS,
    Balance,
    BalanceChange,
    Layer,
    MoveResult,
    Piece,
    Place,
    PlaceKey,
    Shelf,
    Shortage,
    StockKey,
    StockMove,
    StockTerms,
    Tracking,
    ValuedMove,
)
from ec_erp.kernel.money import next_share
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import Problem
from ec_erp.kernel.values import with_changes


class PromiseBelowZero(ValueError):
    """A reserved or on-order quantity would fall below zero."""


def apply_moves(
    shelf: Shelf, moves: Sequence[StockMove], changes: Iterable[BalanceChange], moments: Sequence[datetime]
) -> MoveResult:
    """Apply changes of promises, then movements in order; ``moments`` are the movements' event times.

    A key that is not in ``shelf.balances`` starts empty. Movements of a short key are left out of the entries.
    """
    work = _Work(shelf, apply_changes(shelf.balances, changes))
    before = dict(work.balances)
    tally = _Tally()
    for move, moment in zip(moves, moments, strict=True):
        tally.count(move)
        entry = work.apply(move, moment)
        if entry is None:
            tally.short.add(move.key)
        else:
            work.entries.append(entry)
    return work.result(tally.shortages(before, work.missing))


def apply_changes(balances: Mapping[StockKey, Balance], changes: Iterable[BalanceChange]) -> dict[StockKey, Balance]:
    """Return the balances with changes of promises added.

    Raises ``PromiseBelowZero`` where more is given back than was promised: the documents and the balance disagree.
    """
    state = dict(balances)
    for change in changes:
        state[change.key] = promised(state.get(change.key, EMPTY), change)
    return state


def promised(balance: Balance, change: BalanceChange) -> Balance:
    """Return the balance with one change of promises added. Raises ``PromiseBelowZero``."""
    after = with_changes(
        balance,
        reserved=balance.reserved + change.reserved,
        unpaid=balance.unpaid + change.unpaid,
        on_order=balance.on_order + change.on_order,
        frozen=balance.frozen + change.frozen,
        locked=balance.locked + change.locked,
        in_transit=balance.in_transit + change.in_transit,
    )
    return _not_below_zero(after, change.key)


class _Work:
    """The shelf while movements are applied to it."""

    def __init__(self, shelf: Shelf, balances: dict[StockKey, Balance]) -> None:
        self.shelf = shelf
        self.balances = balances
        self.entries: list[ValuedMove] = []
        self.problems: list[Problem] = []
        self.missing: dict[StockKey, Decimal] = {}
        self.places: dict[PlaceKey, Place] = {}
        self.layers: dict[StockKey, tuple[Layer, ...]] = {}
        self.pieces: dict[str, Piece] = {}
        self.seqs = dict(shelf.seqs)

    def result(self, shortages: tuple[Shortage, ...]) -> MoveResult:
        """Return what it came to."""
        return MoveResult(
            tuple(self.entries),
            self.balances,
            shortages,
            tuple(dict.fromkeys(self.problems)),
            self.places,
            self.layers,
            self.pieces,
        )

    def apply(self, move: StockMove, moment: datetime) -> ValuedMove | None:
        """Apply one movement; None where the goods are not there."""
        terms = self.shelf.terms.get(move.key, PLAIN_TERMS)
        if move.takes_over:
            move = self._taking_over(move)
        if not _is_covered(self.balances.get(move.key, EMPTY), move, terms):
            return None
        parts = self._parts(move, terms, moment)
        if parts is None:
            return None
        entries = [entry for part in parts for entry in self._value(part, terms, moment)]
        self._release(move)
        return _joined(move, entries)

    def _taking_over(self, move: StockMove) -> StockMove:
        value = sum((-entry.value_change for entry in self.entries[-move.takes_over :]), move.value or ZERO)
        return replace(move, value=value)

    def _parts(self, move: StockMove, terms: StockTerms, moment: datetime) -> list[StockMove] | None:
        """Split a movement by the batches, bins and pieces it concerns; None where a place lacks goods."""
        self.problems.extend(placing.unknown_tracking(move, terms))
        if not terms.tracked and not terms.serials:
            return [move]
        found = serial_rules.serial_problems(move, terms, self._known_pieces())
        self.problems.extend(found)
        if move.qty >= 0 or found:
            return self._arriving(move, terms)
        return self._leaving(move, terms, moment)

    def _arriving(self, move: StockMove, terms: StockTerms) -> list[StockMove]:
        if move.qty == 0:
            return [move]
        origin = self._origin_of(move) if terms.has_batch else ()
        if move.tracking.batch or not origin:
            tracking, problems = placing.put_into_place(move, terms)
            self.problems.extend(problems)
            return [replace(move, tracking=tracking)]
        currency = self.shelf.currency_of[move.key.warehouse]
        wanted = _like_origin(move.qty, origin)
        parts = [
            replace(move, tracking=replace(move.tracking, batch=of.batch, serials=_of_part(move.tracking, of)))
            for of, _ in wanted
        ]
        placed = [replace(part, tracking=placing.put_into_place(part, terms)[0]) for part in parts]
        return _shared(placed, [qty for _, qty in wanted], move, currency)

    def _origin_of(self, move: StockMove) -> tuple[tuple[Tracking, Decimal], ...]:
        """Return in which batches, with which numbers, the goods left that now come (back)."""
        if not move.takes_over:
            return self.shelf.origins.get(move.origin or "", ())
        entries = [part for entry in self.entries[-move.takes_over :] for part in entry.parts or (entry,)]
        return tuple((entry.move.tracking, -entry.move.qty) for entry in entries)

    def _leaving(self, move: StockMove, terms: StockTerms, moment: datetime) -> list[StockMove] | None:
        if move.tracking.serials and terms.serials == serial_rules.STRONG:
            wanted = serial_rules.parts_of_pieces(move, self._known_pieces())
        elif terms.tracked:
            wanted, missing = placing.take_from_places(self._places_of(move.key), move, moment.date())
            if missing:
                self.missing[move.key] = self.missing.get(move.key, ZERO) + missing
                return None
        else:
            return [move]
        parts = [replace(move, tracking=tracking) for tracking, _ in wanted]
        currency = self.shelf.currency_of[move.key.warehouse]
        return _shared(parts, [-qty for _, qty in wanted], move, currency)

    def _value(self, part: StockMove, terms: StockTerms, moment: datetime) -> Iterable[ValuedMove]:
        """Value one part, with what negative stock adds to it, and take it into account."""
        balance = self.balances.get(part.key, EMPTY)
        on_hand, _ = balance.pool(part.tracking.grade)
        if part.qty < 0 and -part.qty > max(on_hand, ZERO):
            yield from self._value_beyond(part, terms, moment, max(on_hand, ZERO))
            return
        entry = self._value_one(part, terms, moment)
        yield entry
        if on_hand >= 0 or part.qty <= 0 or part.tracking.grade != GOOD:
            return
        variance = hole_variance(balance, part.qty, entry.value_change, self._currency(part))
        if variance:
            yield self._record(variance_entry(self.balances[part.key], part, variance))
        if terms.method == FIFO:
            self._cut_newest_layer(part)

    def _value_beyond(
        self, part: StockMove, terms: StockTerms, moment: datetime, there: Decimal
    ) -> Iterable[ValuedMove]:
        if there:
            yield self._value_one(replace(part, qty=-there, value=None), terms, moment)
        beyond = replace(part, qty=part.qty + there, from_reserved=ZERO)
        yield self._record(provisional_value(self.balances.get(part.key, EMPTY), beyond, self._currency(part)))

    def _value_one(self, part: StockMove, terms: StockTerms, moment: datetime) -> ValuedMove:
        balance, currency = self.balances.get(part.key, EMPTY), self._currency(part)
        if terms.method != FIFO:
            return self._record(value_move(balance, part, currency))
        layers = self.layers.get(part.key, self.shelf.layers.get(part.key, ()))
        seq = self.seqs.get(part.key, 0) + 1
        self.layers[part.key], entry = fifo.value_in_layers(layers, balance, part, currency, moment, seq)
        return self._record(entry)

    def _cut_newest_layer(self, part: StockMove) -> None:
        """Keep in a layer only what did not fill a hole."""
        balance = self.balances[part.key]
        qty, value = balance.pool(GOOD)
        self.layers[part.key] = tuple(
            replace(layer, qty=max(ZERO, qty), value=value if qty > 0 else ZERO) if layer.line == part.line else layer
            for layer in self.layers[part.key]
        )

    def _record(self, entry: ValuedMove) -> ValuedMove:
        move = entry.move
        self.balances[move.key] = balance_after(self.balances.get(move.key, EMPTY), entry)
        self.seqs[move.key] = self.seqs.get(move.key, 0) + 1
        terms = self.shelf.terms.get(move.key, PLAIN_TERMS)
        if terms.tracked and move.qty:
            at = placing.place_key(move, move.tracking)
            known = self.places.get(at) or self.shelf.places.get(move.key, {}).get(at) or Place(at)
            self._put(replace(known, on_hand=known.on_hand + move.qty))
        for piece in serial_rules.moved_pieces(move, move.tracking, self._known_pieces()):
            self.pieces[piece.serial.casefold()] = piece
        return entry

    def _put(self, place: Place) -> None:
        """Keep a place's new quantity; what was frozen and has left is frozen no more."""
        thawed = max(ZERO, place.frozen - max(ZERO, place.on_hand))
        self.places[place.at] = replace(place, frozen=place.frozen - thawed)
        if thawed:
            self.balances[place.at.key] = promised(
                self.balances[place.at.key], BalanceChange(place.at.key, frozen=-thawed)
            )

    def _release(self, move: StockMove) -> None:
        if move.from_reserved:
            change = BalanceChange(move.key, reserved=-move.from_reserved)
            self.balances[move.key] = promised(self.balances[move.key], change)

    def _places_of(self, key: StockKey) -> Iterable[Place]:
        known = dict(self.shelf.places.get(key, {}))
        known.update({at: place for at, place in self.places.items() if at.key == key})
        return known.values()

    def _known_pieces(self) -> Mapping[str, Piece]:
        return {**self.shelf.pieces, **self.pieces} if self.pieces else self.shelf.pieces

    def _currency(self, move: StockMove) -> str:
        return self.shelf.currency_of[move.key.warehouse]


class _Tally:
    """Sums per key what was asked and what came in, for the message of a shortage."""

    def __init__(self) -> None:
        self.needed: dict[StockKey, Decimal] = {}
        self.arrived: dict[StockKey, Decimal] = {}
        self.own: dict[StockKey, Decimal] = {}
        self.reach: dict[StockKey, str] = {}
        self.short: set[StockKey] = set()
        self.left: StockKey | None = None

    def count(self, move: StockMove) -> None:
        """Add one movement to the sums; goods that only change their place within a key add nothing to it."""
        left, self.left = self.left, move.key
        if move.takes_over and left == move.key:
            return
        side = self.arrived if move.qty > 0 else self.needed
        side[move.key] = side.get(move.key, ZERO) + abs(move.qty)
        self.own[move.key] = self.own.get(move.key, ZERO) + move.from_reserved
        self.reach[move.key] = move.reach

    def shortages(
        self, before: Mapping[StockKey, Balance], missing: Mapping[StockKey, Decimal]
    ) -> tuple[Shortage, ...]:
        """Return one shortage per short key, sorted by key; ``missing`` is what batches and bins lack."""
        return tuple(
            Shortage(key, self.needed[key], self._reachable(key, before.get(key, EMPTY), missing.get(key)))
            for key in sorted(self.short)
        )

    def _reachable(self, key: StockKey, balance: Balance, missing: Decimal | None) -> Decimal:
        if missing is not None:
            return max(ZERO, self.needed[key] - missing)
        free = balance.available + self.own.get(key, ZERO)
        within = free if self.reach[key] == AVAILABLE else balance.on_hand - balance.frozen
        return max(ZERO, within + self.arrived.get(key, ZERO))


def _is_covered(balance: Balance, move: StockMove, terms: StockTerms) -> bool:
    if move.qty >= 0 or (terms.allow_negative and not terms.tracked and move.tracking.grade == GOOD):
        return True
    taken = -move.qty
    if move.tracking.grade == DEFECTIVE:
        return taken <= balance.defective
    reachable = balance.on_hand - (balance.defective if _places_decide(move, terms) else balance.frozen)
    if taken > reachable:
        return False
    return move.reach != AVAILABLE or taken - move.from_reserved <= max(ZERO, balance.available)


def _places_decide(move: StockMove, terms: StockTerms) -> bool:
    """Tell whether frozen goods may leave because bins and batches say which: scrapping what has expired."""
    return terms.tracked and (move.reach == ON_HAND or move.source == COST_FROM_REVERSAL)


def _of_part(named: Tracking, origin: Tracking) -> tuple[str, ...]:
    """Return the named serial numbers that left with one part of the goods; all of them where none were noted."""
    if not origin.serials:
        return named.serials
    return tuple(serial for serial in named.serials if serial in origin.serials)


def _like_origin(qty: Decimal, origin: Iterable[tuple[Tracking, Decimal]]) -> list[tuple[Tracking, Decimal]]:
    """Return a quantity that comes back, over the batches in which it left; a rest goes to the last of them."""
    left, parts = qty, []
    for tracking, sent in origin:
        used = min(left, sent)
        if used > 0:
            parts.append((tracking, used))
            left -= used
    if left and parts:
        parts[-1] = (parts[-1][0], parts[-1][1] + left)
    return parts


def _shared(
    parts: Sequence[StockMove], quantities: Sequence[Decimal], whole: StockMove, currency: str
) -> list[StockMove]:
    """Give each part its quantity and, where the whole has a value, its share of it; shares add up to the whole."""
    result, taken = [], ZERO
    for part, qty in zip(parts, quantities, strict=True):
        value = whole.value
        if value is not None:
            value = next_share(whole.value or ZERO, taken, abs(qty), abs(whole.qty), currency)
        taken += abs(qty)
        result.append(replace(part, qty=qty, value=value))
    return result


def _joined(move: StockMove, entries: Sequence[ValuedMove]) -> ValuedMove:
    """Return a movement's entries as one; several become its parts."""
    if len(entries) == 1:
        only = entries[0]
        return only if only.move is move else replace(only, move=replace(move, tracking=only.move.tracking))
    last, value = entries[-1], sum((entry.value_change for entry in entries), ZERO)
    sources = {entry.cost_source for entry in entries if entry.cost_source != COST_FROM_PROVISION}
    source = next(iter(sources)) if len(sources) == 1 else entries[0].cost_source
    joined = replace(last, move=move, value_change=value, unit_cost=unit_cost(value, move.qty), cost_source=source)
    return replace(joined, parts=tuple(entries))


def _not_below_zero(balance: Balance, key: StockKey) -> Balance:
    promises = (balance.reserved, balance.unpaid, balance.on_order, balance.frozen, balance.locked, balance.in_transit)
    if any(quantity < 0 for quantity in promises):
        raise PromiseBelowZero(
            f"{key.sku} in {key.warehouse}: reserved {balance.reserved}, on order {balance.on_order}, "
            f"frozen {balance.frozen}, locked {balance.locked}, in transit {balance.in_transit}"
        )
    return balance
