"""The post of a lab, for who works in it: what waits for a yes, what failed, what went out."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Window, prefetch_related_objects
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions import reminders
from werklab import access, outbox
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.outbox import AddressForm, DraftForm
from werklab.models import Lab, OutgoingMail
from werklab.views.remembered import address, shown

PER_PAGE = 50
LONGEST_SEARCH = 100
LARGEST_PK = 2**63 - 1
Status = OutgoingMail.Status
LISTS = {
    "concepten": Status.DRAFT,
    "mislukt": Status.FAILED,
    "wacht": Status.DUE,
    "verstuurd": Status.SENT,
}
BY_ITSELF = "vanzelf"  # a list of its own: to find out who gets what takes more queries than post


@require_safe
@access.lab_view("manage_post")
def post(request: KnownRequest, lab: Lab) -> HttpResponse:
    """All post of the lab at a glance; one sort of it, or what was searched for, in pages."""
    search = request.GET.get("zoek", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    which = request.GET.get("lijst", "")
    if search or which in LISTS:
        return _list(request, lab, LISTS.get(which), search)
    page = {"lab": lab, "tab": "post"}
    if which == BY_ITSELF:
        prefetch_related_objects([lab], "sessions")
        page["planned"] = reminders.planned(lab)
        return render(request, "werklab/post_planned.html", page)
    return render(request, "werklab/post.html", page | _sections(lab))


def _letters(lab: Lab) -> QuerySet[OutgoingMail]:
    """The lab's letters with whom they are for, and without their long texts."""
    letters = lab.letters.select_related("person").order_by("-created_at", "-pk")
    return letters.defer("text", "calendar")


def _sections(lab: Lab) -> dict:
    """The newest letters of each sort and how many there are, all of it in one query."""
    letters = (
        _letters(lab)
        .filter(status__in=LISTS.values())
        .annotate(
            place=Window(RowNumber(), [F("status")], order_by=["-created_at", "-pk"]),
            total=Window(Count("pk"), [F("status")]),
        )
        .filter(place__lte=PER_PAGE)
    )
    sections: dict = {f"{status.value}_rows": [] for status in LISTS.values()}
    totals = {f"{status.value}_total": 0 for status in LISTS.values()}
    for letter in letters:
        sections[f"{letter.status}_rows"].append(_row(lab, letter))
        totals[f"{letter.status}_total"] = letter.total
    return sections | totals


def _row(lab: Lab, letter: OutgoingMail) -> dict:
    """One letter in a list, in words."""
    moments = {Status.SENT: letter.sent_at, Status.DUE: letter.due_at}
    moment = shown(moments.get(Status(letter.status)) or letter.created_at, "D j M, G.i")
    return {
        "subject": letter.subject,
        "to": letter.to,
        "who": letter.person.name if letter.person else "",
        "when": _("%(moment)s hours") % {"moment": moment.lower()},
        "state": letter.get_status_display(),
        "status": letter.status,
        "why": outbox.why(letter) if letter.status == Status.FAILED else "",
        "pk": letter.pk,
        "url": address("werklab:letter", lab.slug, letter.pk),
    }


def _list(request: KnownRequest, lab: Lab, status: Status | None, search: str) -> HttpResponse:
    letters = _letters(lab)
    if status is not None:
        letters = letters.filter(status=status)
    if search:
        letters = letters.filter(
            Q(to__icontains=search)
            | Q(subject__icontains=search)
            | Q(person__name__icontains=search)
        )
    page = Paginator(letters, PER_PAGE).get_page(request.GET.get("pagina"))
    asked = {name: request.GET[name] for name in ("lijst", "zoek") if request.GET.get(name)}
    return render(
        request,
        "werklab/post_list.html",
        {
            "lab": lab,
            "tab": "post",
            "rows": [_row(lab, letter) for letter in page],
            "page": page,
            "total": page.paginator.count,
            "search": search,
            "status": status,
            "query": urlencode(asked) + "&",
        },
    )


@require_safe
@access.lab_view("manage_post")
def letter(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """One letter as it reads, with what can still be done about it."""
    found = _letter(lab, pk)
    form = _address_form(lab, found) if found.status == Status.FAILED else None
    return _letter_page(request, lab, found, form)


def _letter(lab: Lab, pk: int) -> OutgoingMail:
    return get_object_or_404(lab.letters.select_related("person"), pk=pk)


def _address_form(lab: Lab, found: OutgoingMail, posted=None) -> AddressForm:
    return AddressForm(posted, letter=found, person=outbox.whose_address(lab, found))


def _letter_page(
    request: KnownRequest, lab: Lab, found: OutgoingMail, form: AddressForm | None
) -> HttpResponse:
    page = {
        "lab": lab,
        "tab": "post",
        "letter": found,
        "row": _row(lab, found),
        "text": outbox.readable(found.text),
        "form": form,
    }
    return render(request, "werklab/letter.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("manage_post")
def try_again(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Post a failed letter again, to a better address; it is the form of the letter's own page."""
    found = _letter(lab, pk)
    if request.method != "POST" or found.status != Status.FAILED:
        if request.method == "POST":
            messages.error(request, _("This letter goes out already."))
        return redirect("werklab:letter", lab.slug, pk)
    form = _address_form(lab, found, request.POST)
    if form.is_valid():
        try:
            outbox.try_again(request.user, lab, found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("to", str(refusal))
        else:
            messages.success(request, _("The letter goes out again."))
            return redirect("werklab:post", lab.slug)
    return _letter_page(request, lab, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("manage_post")
def edit_draft(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Change to whom a draft goes and what it says."""
    found = _letter(lab, pk)
    if found.status != Status.DRAFT:
        messages.error(request, _("This letter is no draft any more: it was sent or thrown away."))
        return redirect("werklab:letter", lab.slug, pk)
    form = DraftForm(request.POST if request.method == "POST" else None, letter=found)
    if form.is_valid():
        try:
            outbox.change_draft(request.user, lab, found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("The draft is changed. It has not been sent yet."))
            return redirect("werklab:letter", lab.slug, pk)
    _body, footer = outbox.split(found.text)
    page = {"lab": lab, "tab": "post", "letter": found, "form": form, "footer": footer}
    page["named_links"] = outbox.named_links(found.text)
    return render(request, "werklab/edit_draft.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("manage_post")
def send_drafts(request: KnownRequest, lab: Lab) -> HttpResponse:
    """First who gets something; then send just those letters."""
    if request.method == "POST":
        _send_seen(request, lab, _numbers(request.POST.get("letters", "")))
        return redirect("werklab:post", lab.slug)
    drafts = list(lab.letters.drafts().select_related("person").defer("text", "calendar"))
    page = {"lab": lab, "tab": "post", "rows": [_row(lab, draft) for draft in drafts]}
    page["pks"] = ",".join(str(draft.pk) for draft in drafts)
    return render(request, "werklab/send_drafts.html", page)


def _numbers(typed: str) -> list[int]:
    found = {int(number) for number in typed.split(",") if number.isdecimal() and len(number) < 20}
    return sorted(number for number in found if number <= LARGEST_PK)


def _send_seen(request: KnownRequest, lab: Lab, pks: list[int]) -> None:
    try:
        sent = outbox.send_all(request.user, lab, pks)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    done = ngettext("%(count)s letter goes out.", "%(count)s letters go out.", sent)
    messages.success(request, done % {"count": sent})
    if gone := len(pks) - sent:
        skipped = ngettext(
            "%(count)s letter was sent or thrown away before; it does not go twice.",
            "%(count)s letters were sent or thrown away before; they do not go twice.",
            gone,
        )
        messages.warning(request, skipped % {"count": gone})


def _do(request: KnownRequest, lab: Lab, pk: int, action: Callable, done: str) -> HttpResponse:
    found = _letter(lab, pk)
    try:
        action(request.user, lab, found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"to": found.to})
    return redirect("werklab:post", lab.slug)


@require_POST
@access.lab_view("manage_post")
def send_draft(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Send one draft."""
    return _do(request, lab, pk, outbox.send_draft, _("The letter to %(to)s goes out."))


@require_POST
@access.lab_view("manage_post")
def delete_draft(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Throw a draft away, or let a failed letter be."""
    done = _("The letter to %(to)s is thrown away and is not sent.")
    return _do(request, lab, pk, outbox.delete_draft, done)
