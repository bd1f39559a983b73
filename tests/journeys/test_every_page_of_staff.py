"""Every page that staff may see: see test_every_page."""

import pytest

from tests.journeys.everybody import demo_with_everybody
from tests.journeys.test_every_page import look_at_every_page

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_page_is_accessible_to_staff(page_at, live_server):
    look_at_every_page("staff", demo_with_everybody(), page_at, live_server)
