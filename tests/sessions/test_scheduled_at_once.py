"""The same form sent twice at the same moment: one lab, one letter."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.factories import MunicipalityFactory, TrainerFactory
from tests.sessions.test_programme import schedule
from werklab.models import Lab, OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 5


def test_a_form_sent_five_times_at_once_makes_one_lab():
    trainers = {"municipal": TrainerFactory(), "initiatives": TrainerFactory()}
    municipality = MunicipalityFactory(mail_domains=[])

    def send(_time):
        try:
            return schedule(trainers=trainers, municipality=municipality).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = set(pool.map(send, range(AT_ONCE)))

    assert made == {Lab.objects.get().pk}
    assert OutgoingMail.objects.count() == 1
