"""What initiatives say of the advice, and who of them join at the management team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import endorse_letters
from sessions.advice import take_turn
from sessions.models import Advice, Endorsement, LabInitiative, Presentation, Presenter
from werklab import events
from werklab.errors import Refused
from werklab.models import Event, Lab, User

ENDORSING = {Endorsement.Answer.YES, Endorsement.Answer.YES_IF}
TAKERS = 2


@dataclass(frozen=True)
class Voice:
    """What one initiative says of one advice; `answer` is empty while there is none yet.

    An answer to an older text is outdated: it is shown, and counts as none.
    """

    initiative: LabInitiative
    answer: str = ""
    words: str = ""
    outdated: bool = False
    recorded: bool = False

    @property
    def counts(self) -> bool:
        """An answer to the text as it stands now."""
        return bool(self.answer) and not self.outdated

    @property
    def endorses(self) -> bool:
        """Stands behind the text as it is now; "if" counts, and is printed with its words."""
        return self.counts and self.answer in ENDORSING

    @property
    def answer_in_words(self) -> str:
        """The answer as people read it."""
        return str(Endorsement.Answer(self.answer).label) if self.answer else ""


@dataclass(frozen=True)
class Support:
    """How many initiatives stand behind an advice, out of how many (REQ-119)."""

    voices: list[Voice]
    endorsing: int
    answered: int
    total: int


def support(lab: Lab, advices: Iterable[Advice]) -> dict[int, Support]:
    """For each advice, by its pk, what every initiative of the lab says of it; in two queries."""
    return support_of(lab.initiatives.select_related("initiative"), advices)


def support_of(
    initiatives: Iterable[LabInitiative], advices: Iterable[Advice]
) -> dict[int, Support]:
    """The same for initiatives that were fetched before."""
    initiatives, advices = list(initiatives), list(advices)
    said = {
        (endorsement.advice_id, endorsement.initiative_id): endorsement
        for endorsement in Endorsement.objects.filter(advice__in=[a.pk for a in advices])
    }
    found = {}
    for advice in advices:
        voices = [_voice(one, advice, said.get((advice.pk, one.pk))) for one in initiatives]
        found[advice.pk] = Support(
            voices=voices,
            endorsing=sum(voice.endorses for voice in voices),
            answered=sum(voice.counts for voice in voices),
            total=len(voices),
        )
    return found


def _voice(initiative: LabInitiative, advice: Advice, said: Endorsement | None) -> Voice:
    if said is None:
        return Voice(initiative)
    return Voice(
        initiative,
        answer=said.answer,
        words=said.words,
        outdated=said.text_version != advice.text_version,
        recorded=said.recorded_by_id is not None,
    )


@transaction.atomic
def ask(by: User, lab: Lab, *, now: datetime | None = None) -> int:
    """Lay the advices before the initiatives (REQ-118): a link for each, by letter where that can.

    Says how many letters there are. An initiative that has answered everything gets none; asking
    twice within ten minutes is asking once.
    """
    now = now or timezone.now()
    take_turn(lab)
    advices = list(lab.advices.all())
    initiatives = list(lab.initiatives.select_related("lab__municipality", "initiative__contact"))
    if not advices:
        raise Refused(_("There is nothing to read yet. Write an advice first."))
    if not initiatives:
        raise Refused(_("No initiative takes part in this lab yet."))
    found = support_of(initiatives, advices)
    letters = 0
    for place, initiative in enumerate(initiatives):
        done = all(found[advice.pk].voices[place].counts for advice in advices)
        letters += not done and endorse_letters.ask(initiative, len(advices), now)
    Presentation.objects.update_or_create(lab=lab, defaults={"asked_at": now})
    events.record(by, "endorsement_asked", lab=lab)
    return letters


@dataclass(frozen=True)
class Said:
    """One answer as it was filled in: whose, of which advice, in which version of its text."""

    initiative: LabInitiative
    advice: Advice
    answer: str
    words: str
    seen: int


class TextChanged(Refused):
    """An advice was rewritten while somebody answered it; `.advices` are those, as they are now."""

    def __init__(self, advices: list[Advice]):
        super().__init__(
            _("The text of an advice has just changed. Read it once more, then send your answers.")
        )
        self.advices = advices


@transaction.atomic
def answer(
    lab: Lab,
    said: list[Said],
    *,
    by: User | None = None,
    initiative: LabInitiative | None = None,
    name_in_report: bool = False,
    now: datetime | None = None,
) -> int:
    """Write down what initiatives say of advices (REQ-118); says how many answers are new.

    Without `by` the initiative itself answers by its link; with `by` a trainer records it on its
    behalf, and the record says so. An answer that did not change is left alone. With `initiative`
    it is all about that one, and whether its name may stand in the report is written down too.
    Raises TextChanged, and writes nothing, when a text is newer than the one that was read.
    """
    now = now or timezone.now()
    take_turn(lab)
    current = {advice.pk: advice for advice in lab.advices.all()}
    said = [one for one in said if one.advice.pk in current]
    newer = {one.advice.pk for one in said if one.seen != current[one.advice.pk].text_version}
    if newer:
        raise TextChanged([current[pk] for pk in newer])
    written, renamed = sum(_write(one, by, now) for one in said), 0
    about = initiative or (said[0].advice if said else None)
    if initiative:
        mine = lab.initiatives.filter(pk=initiative.pk).exclude(name_in_report=name_in_report)
        renamed = mine.update(name_in_report=name_in_report)
    if written or renamed:
        endorse_letters.drop_needless(lab)
        name = "endorsement_recorded" if by else "endorsement_given"
        events.record(
            by,
            name,
            about,
            lab=lab,
            by_name="" if by else str(initiative),
            via="" if by else Event.Via.LINK,
        )
    return written


def _write(one: Said, by: User | None, now: datetime) -> bool:
    if one.answer == Endorsement.Answer.YES_IF and not one.words:
        raise Refused(_("Write down under which condition."))
    before = Endorsement.objects.filter(advice=one.advice, initiative=one.initiative).first()
    same = before and (before.answer, before.words, before.text_version)
    if same == (one.answer, one.words, one.seen):
        return False
    Endorsement.objects.update_or_create(
        advice=one.advice,
        initiative=one.initiative,
        defaults={
            "answer": one.answer,
            "words": one.words,
            "text_version": one.seen,
            "recorded_by": by,
            "answered_at": now,
        },
    )
    return True


@dataclass(frozen=True)
class Taker:
    """Somebody of an initiative who joins at the management team."""

    initiative: LabInitiative
    name: str
    name_in_report: bool


@transaction.atomic
def name_presenters(
    by: User,
    lab: Lab,
    *,
    date: date | None,
    place: str,
    answer_by: date | None,
    takers: list[Taker],
) -> Presentation:
    """When and where the advice is presented, and which two initiative takers join (REQ-120)."""
    take_turn(lab)
    if len(takers) > TAKERS:
        raise Refused(_("Two initiative takers join at the management team."))
    presentation, _made = Presentation.objects.update_or_create(
        lab=lab, defaults={"date": date, "place": place, "answer_by": answer_by}
    )
    presentation.presenters.all().delete()
    Presenter.objects.bulk_create(
        Presenter(
            presentation=presentation,
            number=number,
            initiative=taker.initiative,
            name=taker.name,
            name_in_report=taker.name_in_report,
        )
        for number, taker in enumerate(takers, start=1)
    )
    events.record(by, "presentation_planned", presentation, lab=lab)
    return presentation
