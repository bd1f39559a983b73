"""The twenty themes of the register: Dutch data that every place needs."""

from django.db import migrations

THEMES = [
    (
        "meeting",
        "Ontmoeten en samen doen",
        "Elkaar leren kennen, samen eten, activiteiten in de buurt.",
    ),
    ("care", "Zorg en naar elkaar omkijken", "Hulp, mantelzorg, eenzaamheid, Wmo."),
    ("community_building", "Buurthuis en gebouwen", "Een gebouw beheren of overnemen."),
    ("green", "Groen, natuur en park", "Tuinen, bomen, dieren, water."),
    ("energy", "Energie en warmte", "Opwekken, besparen, van het gas af."),
    ("sustainability", "Duurzaam en hergebruik", "Afval, reparatie, delen, klimaat."),
    ("food", "Eten en voedsel", "Moestuin, buurtkeuken, voedselhulp."),
    ("housing", "Wonen en bouwen", "Samen bouwen, wonen, woonzorg."),
    ("public_space", "Straat en plein", "Inrichting, spelen, schoon, verkeer."),
    ("mobility", "Vervoer", "Buurtbus, deelauto, veilig fietsen."),
    ("safety", "Veiligheid", "Buurtpreventie, prettig op straat."),
    ("youth", "Kinderen en jongeren", "Spelen, leren, opgroeien."),
    ("learning", "Leren en taal", "Taal, computer, huiswerk."),
    ("work", "Werk en meedoen", "Werkervaring, vrijwilligerswerk, inkomen."),
    ("poverty", "Rondkomen", "Geldzorgen, armoede, ruilen en geven."),
    ("culture", "Cultuur en erfgoed", "Kunst, muziek, geschiedenis van de plek."),
    ("sport", "Sport en bewegen", "Samen bewegen, gezond leven."),
    ("democracy", "Meepraten en zeggenschap", "Bewoners die meebeslissen over hun buurt."),
    ("newcomers", "Nieuwkomers en inclusie", "Iedereen welkom, samen wennen."),
    ("local_economy", "Buurteconomie", "Ondernemen in en voor de buurt."),
]


def add(apps, schema_editor):
    Theme = apps.get_model("initiatives", "Theme")
    Theme.objects.bulk_create(
        Theme(order=order, code=code, label=label, help=help_text)
        for order, (code, label, help_text) in enumerate(THEMES, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=True)]
