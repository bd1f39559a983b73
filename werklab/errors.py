"""What an action raises when it cannot be done."""


class Refused(Exception):
    """An action that cannot be done now; the message is a sentence for the person who asked."""
