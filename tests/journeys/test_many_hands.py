"""Two hundred people enrol, give back, accept and hand over at random, from sixteen connections.

Five seconds in the suite, longer until everything has happened; the whole minute with
MANY_HANDS_SECONDS=60. After it the record of events is replayed: never more people than chairs, no
chair twice, no jump in the list.
"""

import json
import os

import pytest

from tests.bench.server import Server
from tests.journeys.test_real_server import environment, run

SECONDS = float(os.environ.get("MANY_HANDS_SECONDS", "5"))
__all__ = ["environment"]


@pytest.mark.req("REQ-043")
@pytest.mark.django_db(transaction=True)
def test_many_hands_never_break_the_rules_of_places(environment):
    environment |= {"SECRET_KEY": "many-hands"}
    run(environment, "manage.py", "migrate", "-v0")
    run(environment, "manage.py", "createcachetable")
    run(environment, "manage.py", "webfont")
    run(environment, "manage.py", "collectstatic", "--noinput", "-v0")

    with Server("werklab.wsgi:application", environment, workers=2) as server:
        told = run(environment, "-m", "tests.journeys.hands", str(server.port), str(SECONDS))

    found = json.loads(told)
    print(json.dumps(found, indent=1))
    assert found["errors"] == 0, found["counts"]
    assert found["most"] == 15
    assert found["seats given"] == found["confirmations"]
    assert {"enrol", "withdraw", "accept", "hand over"} <= set(found["counts"])
