"""The advice to the management team: write it, order it, tie it to the cards it comes from."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from sessions import endorse_letters
from sessions.models import Advice, AdviceSource, Card, Report
from werklab import events
from werklab.errors import Refused
from werklab.models import Lab, User

# The words of an advice: whoever endorses it endorses these. The order is that of the form.
WORDS = ("title", "text", "why", "for_whom", "first_step", "owner", "term", "needs")
ENOUGH = 10  # more is no wall, but a hint: too many advices are no advice
LONGEST_TITLE = 120
SAME_FORM_AGAIN = timedelta(minutes=10)


class Overtaken(Refused):
    """Somebody else changed the words after this form was opened; `.now` is how they stand now."""

    def __init__(self, now: Advice):
        super().__init__(
            _(
                "Somebody else has changed this advice while you were writing. Both texts are "
                "below. Choose what it must be, and save once more."
            )
        )
        self.now = now


def is_open(lab: Lab) -> bool:
    """Whether the advice may change now: the lab is not over and no final report stands."""
    over = lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED)
    return not over and not Report.objects.standing().filter(lab=lab).exists()


def check_open(lab: Lab) -> None:
    """Raise Refused, with the reason, when the advice may not change now."""
    if lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))
    if not is_open(lab):
        raise Refused(_("The advice is final. A trainer can open it again."))


def take_turn(lab: Lab) -> Lab:
    """Lock the lab's own row, so that whoever changes its advice waits for the one before."""
    lab = Lab.objects.select_for_update().get(pk=lab.pk)
    check_open(lab)
    return lab


def _fresh(lab: Lab, advice: Advice) -> Advice:
    found = lab.advices.filter(pk=advice.pk).first()
    if found is None:
        raise Refused(_("This advice has been taken away."))
    return found


def _add(lab: Lab, words: dict[str, str], now: datetime) -> Advice:
    last = lab.advices.aggregate(last=Max("position"))["last"] or 0
    return Advice.objects.create(
        lab=lab, position=last + 1, created_at=now, changed_at=now, **words
    )


@transaction.atomic
def write_advice(
    by: User, lab: Lab, words: dict[str, str], *, now: datetime | None = None
) -> Advice:
    """Add an advice to the end of the list (REQ-115). The same form sent twice is one advice."""
    now = now or timezone.now()
    lab = take_turn(lab)
    same = lab.advices.filter(created_at__gt=now - SAME_FORM_AGAIN, **words).first()
    if same:
        return same
    advice = _add(lab, words, now)
    events.record(by, "advice_written", advice, lab=lab)
    return advice


@transaction.atomic
def advice_from_card(by: User, card: Card, *, now: datetime | None = None) -> Advice:
    """Make an advice of a card of any session, with that card as its source (REQ-116, REQ-117).

    A second press gives the same advice, as long as nobody has changed its words.
    """
    lab = take_turn(card.column.lab_session.lab)
    title = Truncator(card.text).chars(LONGEST_TITLE)
    words = {"title": title, "text": "" if title == card.text else card.text}
    untouched = lab.advices.filter(text_version=1, source_links__card=card, **words).first()
    if untouched:
        return untouched
    advice = _add(lab, words, now or timezone.now())
    _tie(lab, advice, card)
    events.record(by, "advice_from_card", advice, lab=lab)
    return advice


@transaction.atomic
def change_advice(
    by: User, advice: Advice, words: dict[str, str], *, seen: int, now: datetime | None = None
) -> Advice:
    """Change the words of an advice; who endorsed the older text is asked again (REQ-118).

    `seen` is the text version that the writer had before them. Raises Overtaken when there is a
    newer one with other words; the same form sent twice changes nothing.
    """
    now = now or timezone.now()
    lab = take_turn(advice.lab)
    advice = _fresh(lab, advice)
    if all(getattr(advice, name) == words[name] for name in words):
        return advice
    if advice.text_version != seen:
        raise Overtaken(advice)
    for name, text in words.items():
        setattr(advice, name, text)
    advice.text_version += 1
    advice.changed_at = now
    advice.save(update_fields=[*words, "text_version", "changed_at"])
    endorse_letters.ask_again(advice, now)
    events.record(by, "advice_changed", advice, lab=lab)
    return advice


@transaction.atomic
def move(by: User, advice: Advice, step: int) -> None:
    """Put an advice one place up (-1) or down (1); at the end of the list nothing happens."""
    lab = take_turn(advice.lab)
    order = list(lab.advices.all())
    here = order.index(_fresh(lab, advice))
    there = here + step
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for position, one in enumerate(order, start=1):
        one.position = position
    Advice.objects.bulk_update(order, ["position"])
    events.record(by, "advice_moved", advice, lab=lab)


@transaction.atomic
def remove(by: User, advice: Advice) -> None:
    """Take an advice away for good, with what was said of it; its cards stay on the boards."""
    lab = take_turn(advice.lab)
    _fresh(lab, advice).delete()
    endorse_letters.drop_needless(lab)
    events.record(by, "advice_removed", lab=lab, label=advice.title)


def _tie(lab: Lab, advice: Advice, card: Card) -> bool:
    if not Card.objects.filter(pk=card.pk, column__lab_session__lab=lab).exists():
        raise Refused(_("This card is no longer on a board."))
    return AdviceSource.objects.get_or_create(advice=advice, card=card)[1]


@transaction.atomic
def tie(by: User, advice: Advice, card: Card) -> None:
    """Let an advice come from this card too (REQ-117); tying it twice changes nothing."""
    tie_all(by, advice, [card])


@transaction.atomic
def tie_all(by: User, advice: Advice, cards: list[Card]) -> int:
    """Let an advice come from all these cards; says how many of them are new."""
    lab = take_turn(advice.lab)
    advice = _fresh(lab, advice)
    new = sum(_tie(lab, advice, card) for card in cards)
    if new:
        events.record(by, "source_tied", advice, lab=lab)
    return new


@transaction.atomic
def untie(by: User, advice: Advice, card: Card) -> None:
    """Take a card away from under an advice; the card stays on its board."""
    lab = take_turn(advice.lab)
    if advice.source_links.filter(card=card).delete()[0]:
        events.record(by, "source_untied", advice, lab=lab)
