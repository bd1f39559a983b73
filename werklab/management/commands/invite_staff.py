"""`manage.py invite_staff <address>`: how the first person comes in."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from werklab import people


class Command(BaseCommand):
    help = "Let somebody of LSA sign in, with all rights of staff, and tell them by mail."

    def add_arguments(self, parser):
        parser.add_argument("address")
        parser.add_argument("--name", default="", help="how letters greet this person")

    def handle(self, *args, address, name, **options):
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address} is not a mail address.") from error
        person = people.invite_staff(address, name)
        self.stdout.write(f"{person} can sign in now; the mail goes out with the next post.")
