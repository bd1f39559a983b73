"""No more reminders: by the link in the letter, by the button of a mail program, and back again."""

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from tests.factories import LabFactory, UserFactory
from werklab import mail, no_more_post
from werklab.models import Event, NoMorePost, OutgoingMail

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
INVITED = {
    **{"first_name": "Mirte", "invited_day": "maandag", "session_list": "- dinsdag"},
    **{"enrol_deadline": "vrijdag", "enrol_url": "https://werklab.example/"},
}


def reminder(lab=None, to="Mirte@oss.example"):
    """A letter that can be stopped."""
    return mail.send("invite_reminder", to=to, lab=lab or LabFactory(), context=INVITED)


def path_of(letter):
    return "/" + mail.stop_url(letter).partition("//")[2].partition("/")[2]


def posted(letter):
    mail.deliver()
    return next(m for m in outbox.outbox if m.to == [letter.to])


def test_a_reminder_carries_the_way_to_stop_it_in_its_headers_and_its_text():
    letter = reminder()

    sent = posted(letter)

    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    path = "/" + address.partition("//")[2].partition("/")[2]
    assert Client().get(path).context["email"] == letter.to
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in sent.body
    assert f'href="{address}"' in sent.alternatives[0].content


def test_a_letter_about_an_own_place_cannot_be_stopped():
    letter = mail.send("withdrawn", to="a@oss.example", lab=LabFactory(), person=UserFactory())

    sent = posted(letter)

    assert "List-Unsubscribe" not in sent.extra_headers
    assert "/geen-post/" not in sent.body


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_changes_nothing(method):
    letter = reminder()

    response = getattr(Client(), method)(path_of(letter))

    assert response.status_code == 200
    assert not NoMorePost.objects.exists()


def test_the_page_says_whose_address_and_which_lab_and_has_one_button():
    letter = reminder()

    page = Client().get(path_of(letter)).content.decode()

    main = page.partition("<main")[2].partition("</main>")[0]
    assert letter.to in main
    assert letter.lab.title in main
    assert main.count("<button") == 1


@pytest.mark.parametrize("content_type", [None, "application/x-www-form-urlencoded"])
def test_a_mail_program_stops_it_without_cookie_token_or_redirect(content_type):
    letter = reminder()
    strict = Client(enforce_csrf_checks=True)

    if content_type:
        body = "List-Unsubscribe=One-Click"
        response = strict.post(path_of(letter), body, content_type=content_type)
    else:  # multipart
        response = strict.post(path_of(letter), ONE_CLICK)

    assert response.status_code == 200
    assert NoMorePost.objects.get().email == "mirte@oss.example"
    assert NoMorePost.objects.get().lab == letter.lab


def test_twice_is_as_good_as_once():
    letter = reminder()
    for _ in range(2):
        assert Client().post(path_of(letter), ONE_CLICK).status_code == 200

    assert NoMorePost.objects.count() == 1
    assert Event.objects.filter(name="post_stopped", lab=letter.lab).count() == 1


def test_afterwards_no_reminder_of_this_lab_is_written_and_other_post_is():
    letter = reminder()
    Client().post(path_of(letter), ONE_CLICK)

    assert reminder(letter.lab, to="mirte@OSS.example") is None
    assert reminder(LabFactory()) is not None
    person = UserFactory()
    assert mail.send("withdrawn", to=letter.to, lab=letter.lab, person=person) is not None


def test_who_thinks_better_of_it_gets_reminders_again():
    letter = reminder()
    Client().post(path_of(letter), ONE_CLICK)

    page = Client().post(path_of(letter), {"again": "1"})

    assert page.status_code == 200
    assert not no_more_post.is_stopped(letter.lab, letter.to)
    assert reminder(letter.lab) is not None
    assert list(Event.objects.order_by("pk").values_list("name", flat=True)) == [
        "post_stopped",
        "post_wanted_again",
    ]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["geen", "1", "MQ:1vabc:false"])
def test_a_false_token_is_not_found_and_stops_nothing(method, token):
    reminder()

    path = reverse("werklab:no_more_post", args=[token])
    response = getattr(Client(), method)(path)

    assert response.status_code == 404
    assert not NoMorePost.objects.exists()


def test_a_letter_that_is_gone_is_not_found():
    letter = reminder()
    path = path_of(letter)
    OutgoingMail.objects.all().delete()

    assert Client().post(path, ONE_CLICK).status_code == 404


def test_it_costs_few_queries(django_assert_max_num_queries):
    path = path_of(reminder())

    with django_assert_max_num_queries(2):
        Client().get(path)
