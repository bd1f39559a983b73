"""django-allauth in this house: no sign-up, no passwords, post by way of the outbox."""

from allauth.account.adapter import DefaultAccountAdapter

from werklab import mail

LETTERS = {"account/email/login_code": "login_code"}


class Adapter(DefaultAccountAdapter):
    """Closes sign-up, and writes the letter with the code as every other letter."""

    def is_open_for_signup(self, request):
        """People come in by an invitation, never by themselves."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Hand allauth's letter to the outbox; letters this product does not send are left out."""
        kind = LETTERS.get(template_prefix)
        if kind:
            mail.send(kind, to=email, lab=None, context={"code": context["code"]})
