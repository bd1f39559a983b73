"""Who goes where on the coffee visits: fair groups in which departments mix.

Pure arithmetic, without a database: people, and the moments at which initiatives can receive them.
At each moment everybody is somewhere, no initiative gets more people than it can receive, and
nobody comes to the same table twice. Within that, colleagues of one field of policy are spread, and
so are those who have little contact with initiatives (REQ-110).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from django.utils.translation import gettext as _

from werklab.errors import Refused

RESTARTS = 25
TRIES = 400  # how often a division is begun anew before we say that there is none
SAME_DEPARTMENT, SAME_CONTACT = 100, 1  # departments first; contact decides between equals


@dataclass(frozen=True)
class Guest:
    """Somebody who comes along: a key, the field of policy, and how often they meet initiatives."""

    key: int
    department: str
    contact: str = ""


# At one moment: for each initiative (by its key) how many people it can receive.
Moment = Mapping[int, int]
# For each moment, by the key of a guest, where they go.
Division = list[dict[int, int]]


def divide(guests: Sequence[Guest], moments: Sequence[Moment], seed: int = 0) -> Division:
    """Put every guest at one initiative per moment.

    The same input gives the same division. Raises Refused, with a sentence that says why, when it
    cannot be done.
    """
    _look_at(guests, moments)
    random = Random(seed)  # noqa: S311
    best, least = None, None
    for _turn in range(RESTARTS):
        division = _begin(guests, moments, random)
        _improve(division, guests, random)
        cost = _cost(division, guests)
        if least is None or cost < least:
            best, least = division, cost
    assert best is not None
    return best


def same_department_pairs(division: Division, guests: Sequence[Guest]) -> int:
    """How many pairs of one field of policy sit at the same table, over all moments."""
    return _pairs(division, {guest.key: guest.department for guest in guests})


def fair_sizes(count: int, moment: Moment) -> dict[int, int]:
    """How many people go to each initiative: as even as its maximum allows."""
    sizes = dict.fromkeys(moment, 0)
    for _person in range(count):
        open_ = [host for host in moment if sizes[host] < moment[host]]
        sizes[min(open_, key=lambda host: sizes[host])] += 1
    return sizes


def _look_at(guests: Sequence[Guest], moments: Sequence[Moment]) -> None:
    """Raise Refused for what can be seen beforehand."""
    for number, moment in enumerate(moments, start=1):
        room = sum(moment.values())
        if room < len(guests):
            raise Refused(
                _(
                    "At moment %(number)s there is room for %(room)s people and there are "
                    "%(people)s. Ask one initiative more, or whether more people can come."
                )
                % {"number": number, "room": room, "people": len(guests)}
            )
    hosts = {host for moment in moments for host in moment}
    if len(hosts) < len(moments):
        raise Refused(
            _(
                "There are %(moments)s moments and %(hosts)s initiatives: people would come to the "
                "same table twice. Choose fewer moments, or ask one initiative more."
            )
            % {"moments": len(moments), "hosts": len(hosts)}
        )


def _begin(guests: Sequence[Guest], moments: Sequence[Moment], random: Random) -> Division:
    """A division that keeps the rules, in no particular order."""
    for _try in range(TRIES):
        been: dict[int, set[int]] = {guest.key: set() for guest in guests}
        division: Division = []
        for moment in moments:
            placed = _place(list(been), moment, been, random)
            if placed is None:
                break
            division.append(placed)
            for key, host in placed.items():
                been[key].add(host)
        else:
            return division
    raise Refused(
        _(
            "We found no division in which nobody comes to the same table twice. Ask whether an "
            "initiative can receive more people, or choose fewer moments."
        )
    )


def _place(
    keys: list[int], moment: Moment, been: dict[int, set[int]], random: Random
) -> dict[int, int] | None:
    """Everybody at one table of this moment where they have not been; None when that fails."""
    for sizes in (fair_sizes(len(keys), moment), dict(moment)):
        random.shuffle(keys)
        seats: dict[int, list[int]] = {host: [] for host in moment}
        if all(_seat(key, sizes, seats, been, set(), random) for key in keys):
            return {key: host for host, there in seats.items() for key in there}
    return None


def _seat(
    key: int,
    sizes: Mapping[int, int],
    seats: dict[int, list[int]],
    been: dict[int, set[int]],
    tried: set[int],
    random: Random,
) -> bool:
    """Find a chair for one person; whoever sits there may have to move up."""
    hosts = [host for host in seats if host not in been[key] and host not in tried]
    random.shuffle(hosts)
    for host in hosts:
        if len(seats[host]) < sizes[host]:
            seats[host].append(key)
            return True
    for host in hosts:
        tried.add(host)
        for other in list(seats[host]):
            seats[host].remove(other)
            if _seat(other, sizes, seats, been, tried, random):
                seats[host].append(key)
                return True
            seats[host].append(other)
    return False


def _improve(division: Division, guests: Sequence[Guest], random: Random) -> None:
    """Let two people change places, at one moment or at all, as long as that mixes them more."""
    weights, everywhere = _weights(guests), range(len(division))
    pairs = list(combinations([guest.key for guest in guests], 2))
    better = True
    while better:
        better = False
        turns = [(at, pair) for at in ([place] for place in everywhere) for pair in pairs]
        turns += [(list(everywhere), pair) for pair in pairs]
        random.shuffle(turns)
        for at, (one, two) in turns:
            allowed = len(at) == len(division) or _may_change(division, at[0], one, two)
            if allowed and sum(_gain(division[place], one, two, weights) for place in at) > 0:
                for place in at:
                    here = division[place]
                    here[one], here[two] = here[two], here[one]
                better = True


def _may_change(division: Division, at: int, one: int, two: int) -> bool:
    here = division[at]
    others = [moment for place, moment in enumerate(division) if place != at]
    return (
        here[one] != here[two]
        and all(moment[one] != here[two] for moment in others)
        and all(moment[two] != here[one] for moment in others)
    )


def _weights(guests: Sequence[Guest]) -> dict[tuple[int, int], int]:
    """What it costs that two people sit at one table, both ways round."""
    found = {}
    for one, two in combinations(guests, 2):
        cost = SAME_DEPARTMENT * (one.department == two.department)
        cost += SAME_CONTACT * (one.contact == two.contact)
        found[one.key, two.key] = found[two.key, one.key] = cost
    return found


def _gain(here: dict[int, int], one: int, two: int, weights: dict[tuple[int, int], int]) -> int:
    """How much better it gets when these two change places."""
    gain = 0
    if here[one] == here[two]:
        return gain
    for other, host in here.items():
        if other in (one, two):
            continue
        difference = weights[one, other] - weights[two, other]
        if host == here[one]:
            gain += difference
        elif host == here[two]:
            gain -= difference
    return gain


def _pairs(division: Division, of: dict[int, str]) -> int:
    return sum(
        here[one] == here[two] and of[one] == of[two]
        for here in division
        for one, two in combinations(here, 2)
    )


def _cost(division: Division, guests: Sequence[Guest]) -> int:
    departments = {guest.key: guest.department for guest in guests}
    contacts = {guest.key: guest.contact for guest in guests}
    return SAME_DEPARTMENT * _pairs(division, departments) + SAME_CONTACT * _pairs(
        division, contacts
    )
