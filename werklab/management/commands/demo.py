from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from werklab.management.demo.load import load_demo, load_municipalities


class Command(BaseCommand):
    """Load the municipalities and the four demo labs; safe to run twice, on any day.

    A second run adds nothing and moves the dates of the demo labs along with today.
    """

    help = "Load the 342 municipalities and the demo labs."

    def add_arguments(self, parser):
        """`--municipalities` loads those alone, for production."""
        parser.add_argument(
            "--municipalities", action="store_true", help="load only the municipalities"
        )

    def handle(self, *args, **options):
        """Refuse to put fictional people among real ones."""
        made = load_municipalities()
        self.stdout.write(f"{made} municipalities added")
        if options["municipalities"]:
            return
        if not settings.DEMO:
            raise CommandError("The demo labs are loaded under DEMO=1 only.")
        for line in load_demo():
            self.stdout.write(line)
