"""Whatever people type, they get their page or a clear sentence: never a 500, never half a text."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from initiatives.models import Initiative
from sessions.models import AdviceSource, Card
from tests.factories import AdviceFactory, EnrolmentFactory, LabFactory
from werklab.models import Enrolment

ANYTHING = st.text(max_size=400)
often = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@often
@example("<script>alert(1)</script>")
@example("\x00")
@example("👩‍🌾" * 50)
@example("x" * 10_000)
@given(ANYTHING)
def test_the_enrolment_form_takes_any_name_or_says_what_is_wrong(client, text):
    lab = LabFactory()
    form = {"name": text, "email": "mens@oss.example", "department": "Veiligheid"}
    form |= {"function": text, "contact_frequency": "Elke week"}

    response = client.post(f"/meedoen/{lab.join_code}/aanmelden/", form)

    kept = Enrolment.objects.filter(lab=lab)
    assert (response.status_code, kept.count()) in [(302, 1), (200, 0)]
    if response.status_code == 200:
        assert response.context["form"].errors
        assert response.context["form"]["function"].value() == text


@often
@example("<img src=file:///etc/passwd>")
@example("\u202e omgekeerd")
@example("x" * 10_000)
@given(ANYTHING)
def test_a_card_holds_just_what_was_typed_or_is_not_hung_up(by_link, text):
    participant = EnrolmentFactory()
    client, lab = by_link(participant), participant.lab
    column = lab.sessions.get(number=1).columns.first()
    before = Card.objects.count()

    client.post(
        f"/werklabs/{lab.slug}/sessies/1/kaart/",
        {"column": column.kind, "text": text, "named": "zonder", "key": "k" * 32},
    )
    response = client.get(f"/werklabs/{lab.slug}/sessies/1/")

    said = " ".join(text.split())
    fits = 0 < len(said) <= Card.MOST_CHARACTERS and "\x00" not in said
    assert response.status_code == 200
    assert [card.text for card in column.cards.all()] == [said] * fits
    assert Card.objects.count() - before == fits


@pytest.mark.parametrize("number", ["9" * 20, "-1", "x", "\x00"])
def test_a_choice_that_is_nobody_s_is_refused_in_words(client_as, number):
    advice = AdviceFactory()
    trainer = client_as("trainer", advice.lab)
    initiative = {"municipality": advice.lab.municipality_id, "name": "Buurtkas"}
    initiative |= {"description": "Buren telen groente.", "ownership": "residents"}

    answers = [
        trainer.post("/initiatieven/nieuw/", initiative | {"themes": [number]}),
        trainer.post(
            f"/werklabs/{advice.lab.slug}/advies/{advice.pk}/bronnen/", {"cards": [number]}
        ),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(answer.context["form"].errors for answer in answers)
    assert not Initiative.objects.exists()
    assert not AdviceSource.objects.exists()
