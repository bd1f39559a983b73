"""The advice while it is being written: how far each one is, and what the report still lacks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.endorsements import TAKERS, Support, support_of
from sessions.models import Advice, LabInitiative, Presentation, Presenter
from werklab import links
from werklab.models import Lab, PersonalLink

WRITE, PLAN = "write_advice", "name_presenters"


@dataclass(frozen=True)
class Row:
    """One advice in the list: its number, what stands behind it, and how far it is, in words."""

    number: int
    advice: Advice
    sources: int
    support: Support
    state: str
    is_ready: bool


@dataclass(frozen=True)
class Draft:
    """All that is being written: the advices in order, who reads along, and the presentation."""

    lab: Lab
    rows: list[Row]
    initiatives: list[LabInitiative]
    presentation: Presentation | None
    takers: list[Presenter]

    def row_of(self, advice: Advice) -> Row | None:
        """The row of this advice; None when it was taken away this very moment."""
        return next((row for row in self.rows if row.advice.pk == advice.pk), None)


@dataclass(frozen=True)
class Gap:
    """Something the report lacks: a sentence, where and by whom it is mended, and if it must be."""

    sentence: str
    url: str
    ability: str
    must: bool = True


@dataclass(frozen=True)
class Reader:
    """An initiative that is asked to read along: how many advices it answered, and its link."""

    initiative: LabInitiative
    answered: int
    url: str
    has_address: bool


def draft(lab: Lab) -> Draft:
    """How far the advice of this lab is; five queries, however many advices there are."""
    advices = list(
        lab.advices.annotate(number_of_sources=Count("source_links")).order_by("position", "pk")
    )
    initiatives = list(lab.initiatives.select_related("initiative__contact"))
    planned = Presentation.objects.filter(lab=lab).prefetch_related("presenters__initiative")
    presentation = planned.first()
    found = support_of(initiatives, advices)
    return Draft(
        lab=lab,
        rows=[
            _row(number, advice, advice.number_of_sources, found[advice.pk], presentation)
            for number, advice in enumerate(advices, start=1)
        ],
        initiatives=initiatives,
        presentation=presentation,
        takers=list(presentation.presenters.all()) if presentation else [],
    )


def _row(
    number: int, advice: Advice, sources: int, support: Support, planned: Presentation | None
) -> Row:
    asked_at = planned.asked_at if planned else None
    is_new = asked_at is None or advice.created_at > asked_at
    lacks = [
        *([] if sources else [_("lacks: source")]),
        *([] if advice.first_step else [_("lacks: first step")]),
    ]
    if lacks:
        state = lacks[0]
    elif is_new and not any(voice.answer for voice in support.voices):
        state = _("not asked yet")
    else:
        state = _endorsing(support)
    return Row(number, advice, sources, support, state, is_ready=not lacks)


def _endorsing(support: Support) -> str:
    numbers = {"endorsing": support.endorsing, "total": support.total}
    state = _("%(endorsing)s of %(total)s endorse it") % numbers
    again = sum(voice.outdated for voice in support.voices)
    if again:
        state += ", " + ngettext("%(n)s asked again", "%(n)s asked again", again) % {"n": again}
    return state


def gaps(draft: Draft) -> list[Gap]:
    """What the report still lacks, that which must be mended first.

    An advice has a source (REQ-117) and a first step (REQ-031), and two initiative takers join at
    the management team (REQ-120). The rest is worth a look, and no wall.
    """
    found = [*_gaps_of_advices(draft), *_gaps_around(draft)]
    return sorted(found, key=lambda gap: not gap.must)


def _page(name: str, lab: Lab, *args) -> str:
    return reverse(f"sessions:{name}", args=[lab.slug, *args])


def _gaps_of_advices(draft: Draft) -> Iterator[Gap]:
    if not draft.rows:
        yield Gap(_("There is no advice yet."), _page("new_advice", draft.lab), WRITE)
    for row in draft.rows:
        advice, about = row.advice, {"number": row.number}
        edit = _page("edit_advice", draft.lab, advice.pk)
        if not row.sources:
            sentence = _("Advice %(number)s has no source yet: tie a card to it.") % about
            yield Gap(sentence, _page("sources", draft.lab, advice.pk), WRITE)
        if not advice.first_step:
            yield Gap(_("Advice %(number)s has no first step yet.") % about, edit, WRITE)
        if not advice.owner:
            yield Gap(
                _("Advice %(number)s does not say who does it.") % about, edit, WRITE, must=False
            )
        if not advice.term:
            yield Gap(_("Advice %(number)s does not say when.") % about, edit, WRITE, must=False)


def _gaps_around(draft: Draft) -> Iterator[Gap]:
    planned, page = draft.presentation, _page("presentation", draft.lab)
    if len(draft.takers) < TAKERS:
        sentence = _("Name the two initiative takers who join at the management team.")
        yield Gap(sentence, page, PLAN)
    if planned is None or planned.date is None:
        yield Gap(_("The day of the presentation is not known yet."), page, PLAN, must=False)
    if planned is None or planned.answer_by is None:
        yield Gap(_("It does not say yet when we ask for an answer."), page, PLAN, must=False)
    if draft.initiatives and (planned is None or planned.asked_at is None):
        sentence = _("The initiatives have not been asked yet what they think of it.")
        yield Gap(
            sentence, _page("advice", draft.lab) + "#initiatives", "finalise_advice", must=False
        )


def readers(draft: Draft) -> Iterable[Reader]:
    """Who is asked to read along, each with the link to pass on; one query."""
    living = PersonalLink.objects.filter(
        lab=draft.lab, purpose=PersonalLink.Purpose.ENDORSE, revoked_at__isnull=True
    )
    link_of = {link.target_id: link for link in living if link.is_alive()}
    for place, initiative in enumerate(draft.initiatives):
        link = link_of.get(initiative.pk)
        contact = getattr(initiative.initiative, "contact", None)
        yield Reader(
            initiative,
            answered=sum(row.support.voices[place].counts for row in draft.rows),
            url=links.url(link) if link else "",
            has_address=bool(contact and contact.email),
        )
