"""Every page of a lab, its people and its post, and of signing in: see test_every_page."""

import pytest

from tests.journeys.test_every_page import look_at_every_page

pytestmark = pytest.mark.django_db(transaction=True)


OTHER_PARTS = {"sessions", "initiatives", "intake"}


def test_every_page_is_accessible(page_at, live_server):
    look_at_every_page(lambda name: name.partition(":")[0] not in OTHER_PARTS, page_at, live_server)
