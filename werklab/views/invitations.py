"""Asking people to enrol: paste a list, look at it, send it; and see who came."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from werklab import access
from werklab import invitations as actions
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.invitations import InviteForm
from werklab.models import Lab

ON_A_PAGE, MOST_NAMED = 100, 5


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("manage_enrolment")
def invite(request: KnownRequest, lab: Lab) -> HttpResponse:
    """A field for a pasted list, and everybody who was invited with what came of it."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        pasted, message = form.cleaned_data["people"], form.cleaned_data["message"]
        try:
            outcome = actions.prepare(request.user, lab, pasted.people, message)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, outcome, pasted.double)
            return redirect("werklab:invite", lab.slug)
    prefetch_related_objects([lab], "sessions")
    rows = actions.standing(lab).select_related("letter").order_by("-letter_id")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("pagina"))
    context = {"lab": lab, "tab": "participants", "form": form, "page": page}
    context |= {"rows": actions.with_enrolment(lab, list(page)), "drafts": actions.waiting(lab)}
    return render(request, "werklab/invite.html", context | {"open": lab.takes_enrolments()})


def _say(request: KnownRequest, outcome: actions.Outcome, double: list[int]) -> None:
    """How many are ready, and who was left out and why."""
    if outcome.made:
        ready = ngettext(
            "%(count)s invitation is ready. Nothing has been sent yet.",
            "%(count)s invitations are ready. Nothing has been sent yet.",
            outcome.made,
        )
        messages.success(request, ready % {"count": outcome.made})
    if double:
        numbers = ", ".join(str(number) for number in double)
        messages.warning(request, _("Twice in your list, taken once: line %s.") % numbers)
    for sentence, addresses in (
        (_("Invited before, so not again: %s."), outcome.invited),
        (_("Has enrolled already: %s."), outcome.enrolled),
        (_("Wants no more post about this werklab: %s."), outcome.no_post),
    ):
        if addresses:
            messages.warning(request, sentence % _named(addresses))


def _named(addresses: list[str]) -> str:
    """Some addresses in words, and how many more there are."""
    named, more = ", ".join(addresses[:MOST_NAMED]), len(addresses) - MOST_NAMED
    return _("%(named)s and %(more)s more") % {"named": named, "more": more} if more > 0 else named


@require_POST
@access.lab_view("manage_enrolment")
def send(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Send the invitations that stood on the page, and no others."""
    typed = request.POST.get("up_to", "")
    up_to = int(typed) if typed.isdecimal() and len(typed) < 19 else 0
    try:
        sent = actions.send(request.user, lab, up_to)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        gone = ngettext("%(count)s invitation goes out.", "%(count)s invitations go out.", sent)
        messages.success(request, gone % {"count": sent})
    return redirect("werklab:invite", lab.slug)


@require_POST
@access.lab_view("manage_enrolment")
def throw_away(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Throw away the invitations that were not sent."""
    gone = actions.throw_away(request.user, lab)
    words = ngettext(
        "%(count)s invitation is thrown away.", "%(count)s invitations are thrown away.", gone
    )
    messages.success(request, words % {"count": gone})
    return redirect("werklab:invite", lab.slug)
