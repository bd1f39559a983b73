"""The rules of places, told a second time: by replaying the record of events of a lab.

`replay` follows what the record says came of each action and stops at the first thing that may
never be: more people than chairs, a chair that two people have, a jump in the list. `agrees` also
holds the end of it against the rows. Used by the property test and by the journey of many hands.
"""

from dataclasses import dataclass, field

ENROLMENTS = {
    *("enrolled", "enrolment_admitted", "enrolment_refused", "withdrawn", "place_offered"),
    *("offer_accepted", "offer_ended", "handed_over", "chair_moved"),
}


class Broken(AssertionError):
    """The record says that something happened that may never happen."""


@dataclass
class Places:
    """Who sits where, to whom a chair is offered and who waits, by the key of the enrolment."""

    capacity: int
    seated: dict[int, int] = field(default_factory=dict)
    offered: dict[int, int] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)
    to_confirm: set[int] = field(default_factory=set)
    most: int = 0

    def apply(self, name: str, who: int, detail: str) -> None:
        """One line of the record."""
        word, *rest = detail.split()
        if word == "left":
            self._leave(who, *rest)
        elif word == "moved":
            self._move(who, *map(int, rest))
        elif name == "handed_over":
            self._hand_over(who, int(rest[0]), int(rest[2]))
        else:
            became = {"seat": self._sit, "offered": self._offer, "waiting": self._wait}
            became |= {"to_confirm": self._ask, "refused": self._refuse}
            became[word](name, who, *map(int, rest))

    def _ask(self, name, who):
        self._must(name == "enrolled" and not self._has(who), "asks twice", who)
        self.to_confirm.add(who)

    def _refuse(self, name, who):
        self._must(who in self.to_confirm, "no to who asked nothing", who)
        self.to_confirm.discard(who)

    def _sit(self, name, who, seat):
        if name == "offer_accepted":
            self._must(self.offered.pop(who, None) == seat, "yes to no offer", who)
        else:
            self._must(name == "enrolled" or who in self.to_confirm, "comes from nowhere", who)
            self._must(not self.waiting, "jumps the list", who)
            self.to_confirm.discard(who)
            self._must(not self._has(who), "has two places", who)
        self._take(self.seated, who, seat)

    def _wait(self, name, who, number):
        self._must(name == "enrolled" or who in self.to_confirm, "comes from nowhere", who)
        self.to_confirm.discard(who)
        self._must(not self._has(who), "has two places", who)
        self.waiting[who] = number

    def _offer(self, name, who, seat):
        self._must(who in self.waiting, "an offer to who does not wait", who)
        first = min(self.waiting, key=self.waiting.get)
        self._must(who == first, f"an offer past {first}", who)
        del self.waiting[who]
        self._take(self.offered, who, seat)

    def _hand_over(self, who, seat, giver):
        self._must(self.seated.pop(giver, None) == seat, "gives a chair they have not", giver)
        self._must(not self._has(who), "has two places", who)
        self._take(self.seated, who, seat)

    def _move(self, who, old, new):
        where = self.seated if who in self.seated else self.offered
        self._must(where.pop(who, None) == old, "moves from a chair they have not", who)
        self._take(where, who, new)

    def _leave(self, who, stood, number=None):
        if stood == "to_confirm":
            self._refuse("", who)
            return
        had = {"seat": self.seated, "offered": self.offered, "waiting": self.waiting}[stood]
        self._must(had.pop(who, None) == int(number), "leaves what they have not", who)

    def _take(self, where, who, seat):
        taken = {*self.seated.values(), *self.offered.values()}
        self._must(1 <= seat <= self.capacity, f"chair {seat} is not there", who)
        self._must(seat not in taken, f"chair {seat} twice", who)
        where[who] = seat
        self.most = max(self.most, len(self.seated) + len(self.offered))
        self._must(self.most <= self.capacity, "more people than chairs", who)

    def _has(self, who):
        return who in self.seated or who in self.offered or who in self.waiting

    def _must(self, holds, what, who):
        if not holds:
            raise Broken(f"{what}: {who} in {self}")


def replay(events, capacity: int) -> Places:
    """Where everybody stands at the end of this record: (name, object id, detail) in its order."""
    places = Places(capacity)
    for name, who, detail in events:
        if name in ENROLMENTS:
            places.apply(name, who, detail)
        elif name == "lab_changed" and detail:
            places.capacity = int(detail.split()[1])
    return places


def agrees(lab) -> Places:
    """The replayed record of a lab, which says the same as its rows, chair by chair."""
    record = lab.events.order_by("pk").values_list("name", "object_id", "detail")
    changed = lab.events.filter(name="lab_changed").exists()
    places = replay(record, lab.MAX_PARTICIPANTS if changed else lab.capacity)
    rows = lab.enrolments.living().values_list("pk", "status", "seat", "number")
    found = {
        "seated": {pk: seat for pk, status, seat, _ in rows if status == "seated"},
        "offered": {pk: seat for pk, status, seat, _ in rows if status == "offered"},
        "waiting": {pk: number for pk, status, _, number in rows if status == "waiting"},
        "to_confirm": {pk for pk, status, *_ in rows if status == "to_confirm"},
    }
    if found != {name: getattr(places, name) for name in found}:
        raise Broken(f"the record says {places}, the rows say {found}")
    free = lab.capacity - len(places.seated) - len(places.offered)
    if free and places.waiting and lab.takes_enrolments():
        raise Broken(f"{free} chairs are free while people wait: {places}")
    return places
