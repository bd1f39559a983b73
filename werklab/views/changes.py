"""Change what was agreed about a lab, decide whether it goes ahead, call it off, tell people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from initiatives.models import Contact
from sessions import changes, moves, programme, recipients
from sessions.forms.changes import WhyForm
from sessions.forms.programme import ChangeForm
from sessions.models import KnownMoment, Visit
from werklab import access, outbox
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.models import Lab, LabRole, OutgoingMail
from werklab.views.remembered import address

KINDS = [*moves.KINDS.values(), *changes.KINDS.values()]


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("schedule_sessions")
def edit_lab(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Change dates, places, contact and coordinator."""
    form = ChangeForm(request.POST if request.method == "POST" else None, lab=lab)
    if form.is_valid():
        try:
            lab, letters_wait = programme.change_lab(request.user, lab, **form.agreed())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your changes are kept."))
            return redirect("werklab:tell_change", lab.slug) if letters_wait else redirect(lab)
    return render(request, "werklab/edit_lab.html", {"lab": lab, "form": form, "tab": "overview"})


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("manage_post")
def tell_change(request: KnownRequest, lab: Lab) -> HttpResponse:
    """The letters about a change that wait for a yes: who gets one, and send them all."""
    if request.method == "POST":
        _send(request, lab)
        return redirect(lab)
    drafts = list(lab.letters.drafts().filter(kind__in=KINDS).select_related("person"))
    page = {
        "lab": lab,
        "tab": "overview",
        "rows": _rows(lab, drafts),
        "pks": [draft.pk for draft in drafts],
        "to_call": _to_call(lab, drafts),
    }
    return render(request, "werklab/tell_change.html", page)


def _send(request: KnownRequest, lab: Lab) -> None:
    """Send the letters that stood on the page, as far as they are about a change."""
    seen = [int(pk) for pk in request.POST.getlist("letter") if pk.isdecimal() and len(pk) < 19]
    about = lab.letters.filter(pk__in=seen, kind__in=KINDS)
    try:
        sent = outbox.send_all(request.user, lab, about.values_list("pk", flat=True))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(count)s letter goes out.", "%(count)s letters go out.", sent)
        messages.success(request, words % {"count": sent})


def _rows(lab: Lab, drafts: list[OutgoingMail]) -> list[dict]:
    """Each letter with whom it is to: a person, or somebody of an initiative."""
    contacts = Contact.objects.filter(
        initiative__lab_links__lab=lab, email__in=[draft.to for draft in drafts]
    ).values_list("email", "name", "initiative__name")
    name_of = {email: f"{name}, {initiative}" for email, name, initiative in contacts}
    return [
        {
            "pk": draft.pk,
            "who": str(draft.person) if draft.person else name_of.get(draft.to, ""),
            "to": draft.to,
            "url": address("werklab:letter", lab.slug, draft.pk),
        }
        for draft in drafts
    ]


def _to_call(lab: Lab, drafts: list[OutgoingMail]) -> list[Visit]:
    """Initiatives that this concerns, too, and of which we know no address."""
    if lab.status == Lab.Status.CANCELLED:
        return recipients.hosts(lab, changes.STILL_EXPECTED)[1]
    theirs = KnownMoment.objects.filter(
        letter__in=drafts, lab_session__number__in=moves.WITH_INITIATIVES
    )
    return recipients.hosts(lab, [Visit.Answer.WELCOME])[1] if theirs.exists() else []


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("cancel_lab")
def cancel_lab(request: KnownRequest, lab: Lab) -> HttpResponse:
    """What happens to whom when this lab is called off; then do it, with the reason."""
    form = WhyForm(
        request.POST if request.method == "POST" else None,
        label=_("Why does it not go ahead?"),
        hint=_("This stands in every letter. Write it as you would say it."),
        required=_("Tell people why it does not go ahead."),
        button=_("Call the werklab off"),
        css="btn--stop",
    )
    if form.is_valid():
        try:
            changes.cancel_lab(request.user, lab, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The werklab is called off. Now tell everybody."))
            return redirect("werklab:tell_change", lab.slug)
    page = {
        "lab": lab,
        "tab": "overview",
        "form": form,
        "possible": changes.can_be_cancelled(lab),
        "effects": changes.effects_of_cancelling(lab),
        "drafts": lab.letters.drafts().count(),
    }
    return render(request, "werklab/cancel_lab.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("decide_to_go_on")
def decide(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Fewer than ten people: go on, move, or call it off, with what each does to people."""
    form = WhyForm(
        request.POST if request.method == "POST" else None,
        label=_("Why does it go on with fewer people?"),
        hint=_("This stands on the page of the werklab and in the logbook."),
        required=_("Write down why it goes on with fewer people."),
        button=_("We go on"),
        css="",
    )
    if form.is_valid():
        try:
            changes.go_on(request.user, lab, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The werklab goes on."))
            return redirect(lab)
    return render(request, "werklab/decide.html", _decision(request, lab) | {"form": form})


def _decision(request: KnownRequest, lab: Lab) -> dict:
    """What there is to decide, and whom to ask about what you may not do yourself."""
    moving = changes.effects_of_moving(lab)
    trainers = lab.roles.filter(role=LabRole.Role.TRAINER).select_related("user").order_by("pk")
    return {
        "lab": lab,
        "tab": "overview",
        "seated": moving.seated,
        "minimum": Lab.MIN_PARTICIPANTS,
        "is_open": changes.can_be_decided(lab, moving.seated),
        "moving": moving,
        "cancelling": changes.effects_of_cancelling(lab),
        "trainers": [role.user for role in trainers],
        "may_move": "schedule_sessions" in request.may,
        "may_cancel": "cancel_lab" in request.may,
    }
