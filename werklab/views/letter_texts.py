"""The words of a lab's letters: which there are, changing one, and how it reads."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from werklab import access, letter_texts, wording
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.outbox import LetterTextForm
from werklab.models import Lab
from werklab.views.letter_examples import examples


@require_safe
@access.lab_view("edit_letters")
def texts(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Every letter of the lab: what it is about, when it goes and to whom."""
    own, real, rows = letter_texts.own_subjects(lab), examples(lab), []
    for kind in letter_texts.kinds():
        about = wording.letters()[kind]
        reads, _text = letter_texts.preview(kind, own.get(kind, about["subject"]), "", real)
        rows.append({"kind": kind, "subject": reads, "is_own": kind in own} | _when(about))
    return render(request, "werklab/texts.html", {"lab": lab, "tab": "post", "rows": rows})


def _when(about: dict[str, str]) -> dict[str, str]:
    """To whom a letter is and when it goes, as the start of a line."""
    return {name: about[name][:1].upper() + about[name][1:] for name in ("to", "when")}


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("edit_letters")
def edit_text(request: KnownRequest, lab: Lab, kind: str) -> HttpResponse:
    """Change the words of one letter; "look" shows how it reads and keeps nothing."""
    _known(kind)
    subject, body = wording.words_of(kind, lab)
    posted, shown = request.POST if request.method == "POST" else None, (subject, body)
    form = LetterTextForm(posted, kind=kind, initial={"subject": subject, "body": body})
    if form.is_valid():
        shown = (form.cleaned_data["subject"], form.cleaned_data["body"])
        if "look" not in request.POST and _kept(request, lab, form):
            return redirect("werklab:texts", lab.slug)
    page: dict = {"lab": lab, "tab": "post", "kind": kind, "form": form}
    page["looked"] = "look" in request.POST
    about = wording.letters()[kind]
    page |= _when(about) | {"to": about["to"]} | _beside(lab, kind)
    if not form.errors:
        page["subject"], page["text"] = letter_texts.preview(kind, *shown, page["examples"])
    return render(request, "werklab/edit_text.html", page)


def _known(kind: str) -> None:
    if kind not in letter_texts.kinds():
        raise Http404


def _kept(request: KnownRequest, lab: Lab, form: LetterTextForm) -> bool:
    try:
        letter_texts.change_text(request.user, lab, form.kind, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The text is kept. The next letters have it."))
    return True


def _beside(lab: Lab, kind: str) -> dict:
    """What stands beside the form: what may be filled in, and what keeps its old words."""
    means, needed = letter_texts.meanings(), letter_texts.needed(kind)
    return {
        "names": [
            {
                "name": letter_texts.written(name),
                "means": means.get(name, {}).get("means", ""),
                "is_needed": name in needed,
            }
            for name in letter_texts.allowed(kind)
        ],
        "examples": examples(lab),
        "is_own": kind in letter_texts.own_subjects(lab),
        "drafts": letter_texts.unsent_drafts(lab, kind),
    }


@require_POST
@access.lab_view("edit_letters")
def standard_text(request: KnownRequest, lab: Lab, kind: str) -> HttpResponse:
    """Back to the words that everybody has."""
    _known(kind)
    try:
        letter_texts.back_to_standard(request.user, lab, kind)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("This letter has the standard text again."))
    return redirect("werklab:edit_text", lab.slug, kind)
