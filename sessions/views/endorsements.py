"""What initiatives say of the advice: by their link, or written down by a trainer in the room."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sessions import advice as advices
from sessions import endorsements as actions
from sessions.forms.endorsements import AnswersForm
from sessions.forms.presentation import PresentationForm
from sessions.models import Presentation
from werklab import access
from werklab.errors import Refused


@require_POST
@access.lab_view("finalise_advice")
def ask(request, lab):
    """Ask the initiatives to read along: letters, and links for those without an address."""
    try:
        letters = actions.ask(request.user, lab)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        asked = ngettext("We mail %(n)s initiative.", "We mail %(n)s initiatives.", letters)
        nobody = _("There was nobody to mail. The links below can be passed on.")
        messages.success(request, asked % {"n": letters} if letters else nobody)
    return redirect("sessions:advice", lab.slug)


def _one_initiative(request, lab):
    """The initiative that the address asks for, if it asks for one."""
    wanted = request.GET.get("initiatief", "")
    if not wanted:
        return None
    if not wanted.isascii() or not wanted.isdecimal():
        raise Http404
    return get_object_or_404(lab.initiatives.select_related("initiative"), pk=int(wanted))


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("record_endorsement")
def record(request, lab, pk):
    """Write down what initiatives say in the room: all of one advice, or one of every advice."""
    advice, order = get_object_or_404(lab.advices, pk=pk), list(lab.advices.all())
    initiative = _one_initiative(request, lab)
    question = _("The name of this initiative may stand in the advice. We asked.")
    form = _answers(request, lab, order if initiative else [advice], initiative, question)
    if form.is_valid() and _written(request, lab, form, initiative, by=request.user):
        later = order[order.index(advice) + 1 :]
        if initiative or not later:
            return redirect("sessions:advice", lab.slug)
        return redirect("sessions:record_endorsement", lab.slug, later[0].pk)
    page = {
        "lab": lab,
        "tab": "advice",
        "advice": advice,
        "number": order.index(advice) + 1,
        "total": len(order),
        "initiative": initiative,
        "form": form,
        "is_open": advices.is_open(lab),
    }
    return render(request, "sessions/record_endorsement.html", page)


def _answers(request, lab, asked, initiative, question):
    """The form about these advices: for all initiatives, or for one with a question on its name."""
    if initiative:
        asks, about_name = [initiative], question
    else:
        asks, about_name = list(lab.initiatives.select_related("initiative")), ""
    return AnswersForm(
        request.POST if request.method == "POST" else None,
        advices=asked,
        initiatives=asks,
        support=actions.support_of(asks, asked),
        about_name=about_name,
    )


def _written(request, lab, form, initiative, by=None):
    """Hand the answers to the action; what it refuses is shown in the form."""
    named = form.cleaned_data.get("name_in_report", False)
    try:
        new = actions.answer(lab, form.said(), by=by, initiative=initiative, name_in_report=named)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    said = ngettext("%(n)s answer written down.", "%(n)s answers written down.", new) % {"n": new}
    messages.success(request, said if by else _("Thank you. Your answers have been received."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@access.link_view("endorse")
def endorse(request, link, token):
    """An initiative reads the advices and answers each; without an account, on a phone."""
    lab, order = link.lab, list(link.lab.advices.all())
    taking_part = link.lab.initiatives.select_related("initiative")
    initiative = get_object_or_404(taking_part, pk=link.target_id)
    question = _("The name of our initiative may stand in the advice.")
    form = _answers(request, lab, order, initiative, question)
    if form.is_valid() and _written(request, lab, form, initiative):
        return redirect("sessions:endorse", token)
    page = {
        "lab": lab,
        "initiative": initiative,
        "form": form,
        "total": len(order),
        "is_open": advices.is_open(lab),
    }
    return render(request, "sessions/endorse.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("name_presenters")
def presentation(request, lab):
    """Day and place of the presentation, and which two initiative takers join (REQ-120)."""
    planned = Presentation.objects.filter(lab=lab).first()
    form = PresentationForm(
        request.POST if request.method == "POST" else None, instance=planned, lab=lab
    )
    if form.is_valid():
        names = ("date", "place", "answer_by", "takers")
        try:
            actions.name_presenters(
                request.user, lab, **{name: form.cleaned_data[name] for name in names}
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("sessions:advice", lab.slug)
    page = {"lab": lab, "tab": "advice", "form": form, "is_open": advices.is_open(lab)}
    return render(request, "sessions/presentation.html", page)
