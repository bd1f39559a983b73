"""Every page of the register and the intake: see test_every_page."""

import pytest

from tests.journeys.test_every_page import look_at_every_page

pytestmark = pytest.mark.django_db(transaction=True)


PARTS = ("initiatives:", "intake:")


def test_every_page_is_accessible(page_at, live_server):
    look_at_every_page(lambda name: name.startswith(PARTS), page_at, live_server)
