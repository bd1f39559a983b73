"""The actions of a lab's post and of the groups, each ready to be done: see test_versions."""

from django.utils import timezone

from sessions import visit_groups
from tests.factories import LabInitiativeFactory, VisitFactory
from tests.werklab.posting import draft, failed
from werklab import letter_texts, no_more_post, outbox, people, wording
from werklab.models import LetterText


def trainer(lab):
    """A trainer of this lab."""
    return lab.roles.filter(role="trainer").first().user


def change_draft(lab):
    """Other words for a draft."""
    letter = draft(lab)
    words = {"to": "ander@oss.example", "subject": "Zaal 3", "text": "Hoi,\n\nZaal 3."}
    return lambda: outbox.change_draft(trainer(lab), lab, letter, **words)


def send_draft(lab):
    """One draft goes out."""
    letter = draft(lab)
    return lambda: outbox.send_draft(trainer(lab), lab, letter)


def send_all(lab):
    """Every draft goes out."""
    letter = draft(lab)
    return lambda: outbox.send_all(trainer(lab), lab, [letter.pk])


def delete_draft(lab):
    """A draft need not go out."""
    letter = draft(lab)
    return lambda: outbox.delete_draft(trainer(lab), lab, letter)


def try_again(lab):
    """A failed letter goes to a better address."""
    letter = failed(lab)
    return lambda: outbox.try_again(trainer(lab), lab, letter, to="beter@oss.example")


def change_text(lab):
    """A lab's own words for a letter."""
    subject, body = wording.words_of("withdrawn", None)
    words = {"subject": subject, "body": body + "\n\nTot ziens."}
    return lambda: letter_texts.change_text(trainer(lab), lab, "withdrawn", **words)


def back_to_standard(lab):
    """The words that everybody has, again."""
    LetterText.objects.create(lab=lab, kind="withdrawn", subject="Dag", body="Tot ziens.")
    return lambda: letter_texts.back_to_standard(trainer(lab), lab, "withdrawn")


def stop_post(lab):
    """Somebody wants no more reminders."""
    return lambda: no_more_post.stop_post(lab, "mens@oss.example")


def send_again(lab):
    """Somebody wants them after all."""
    no_more_post.stop_post(lab, "mens@oss.example")
    return lambda: no_more_post.send_again(lab, "mens@oss.example")


def change_own_details(lab):
    """A trainer has another name."""
    return lambda: people.change_own_details(trainer(lab), name="Robin Anders")


def agreed_visit(lab):
    """A visit to which the initiative said yes."""
    visit = VisitFactory(guest_of=LabInitiativeFactory(lab=lab))
    visit.answer, visit.slot, visit.answered_at = "welcome", visit.slots.get(), timezone.now()
    visit.save()
    return visit


def divide_groups(lab):
    """The groups for the visits are made."""
    agreed_visit(lab)
    return lambda: visit_groups.divide(trainer(lab), lab)


def arrange_groups(lab):
    """Somebody is put in a group by hand."""
    visit, guest = agreed_visit(lab), lab.enrolments.first()
    return lambda: visit_groups.arrange(trainer(lab), lab, {visit.pk: [guest.pk]})


OF_POST = {
    "outbox.change_draft": change_draft,
    "outbox.send_draft": send_draft,
    "outbox.send_all": send_all,
    "outbox.delete_draft": delete_draft,
    "outbox.try_again": try_again,
    "letter_texts.change_text": change_text,
    "letter_texts.back_to_standard": back_to_standard,
    "no_more_post.stop_post": stop_post,
    "no_more_post.send_again": send_again,
    "people.change_own_details": change_own_details,
    "visit_groups.divide": divide_groups,
    "visit_groups.arrange": arrange_groups,
}
