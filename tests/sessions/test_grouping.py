"""Groups for the coffee visits: everybody once per moment, no table too full, departments mixed."""

import random
from itertools import product

import pytest

from sessions import grouping
from sessions.grouping import Guest, divide, fair_sizes, same_department_pairs
from werklab.errors import Refused

DEPARTMENTS = ["Zorg en welzijn", "Ruimte en wonen", "Veiligheid", "Cultuur", "Werk en inkomen"]
EVERY_CASE = [
    (people, hosts, moments)
    for people, hosts, moments in product(range(10, 16), range(2, 6), range(1, 4))
    if moments <= hosts
]


def guests(count, chance):
    """People of a few departments, drawn by this chance."""
    contacts = ["Elke week", "Elke maand", "Zelden of nooit"]
    return [Guest(key, chance.choice(DEPARTMENTS), chance.choice(contacts)) for key in range(count)]


def maxima(people, hosts, chance):
    """What each initiative can receive: together enough for everybody."""
    return {host: chance.randint(-(-people // hosts), 9) for host in range(hosts)}


@pytest.mark.req("REQ-014")
@pytest.mark.parametrize(("people", "hosts", "moments"), EVERY_CASE)
def test_everybody_is_somewhere_at_each_moment_and_nowhere_twice(people, hosts, moments):
    chance = random.Random(f"{people} {hosts} {moments}")
    group, most = guests(people, chance), maxima(people, hosts, chance)

    division = divide(group, [most] * moments)

    assert [set(moment) for moment in division] == [set(range(people))] * moments
    for person in range(people):
        assert len({moment[person] for moment in division}) == moments
    for moment in division:
        tables = list(moment.values())
        assert all(tables.count(host) <= most[host] for host in most)


def test_departments_are_mixed_at_least_as_well_as_by_the_best_of_a_thousand_draws():
    chance, as_good, cases = random.Random(4), 0, 12
    for _case in range(cases):
        people, hosts, moments = chance.choice(EVERY_CASE)
        group, most = guests(people, chance), maxima(people, hosts, chance)
        ours = same_department_pairs(divide(group, [most] * moments), group)
        drawn = (grouping._begin(group, [most] * moments, chance) for _ in range(1000))
        as_good += ours <= min(same_department_pairs(one, group) for one in drawn)

    assert as_good >= 0.95 * cases


def test_the_same_people_get_the_same_groups_again():
    group = guests(14, random.Random(1))

    assert divide(group, [{1: 5, 2: 5, 3: 5}]) == divide(group, [{1: 5, 2: 5, 3: 5}])


def test_groups_are_as_even_as_the_tables_allow():
    assert fair_sizes(14, {1: 3, 2: 9, 3: 9}) == {1: 3, 2: 6, 3: 5}


def test_too_few_chairs_is_said_with_the_numbers():
    with pytest.raises(Refused, match="9.*12"):
        divide(guests(12, random.Random(1)), [{1: 4, 2: 5}])


def test_more_moments_than_initiatives_is_said():
    with pytest.raises(Refused, match="3.*2"):
        divide(guests(10, random.Random(1)), [{1: 9, 2: 9}] * 3)


def test_what_cannot_be_divided_is_said():
    most = [{1: 10, 2: 10}, {1: 10, 2: 10}, {1: 10, 2: 9, 3: 1}]

    with pytest.raises(Refused):
        divide(guests(10, random.Random(1)), most)
