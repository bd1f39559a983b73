from django.db import migrations


def to_several(apps, schema_editor):
    """An initiative may be of several sorts: the one it had is the first."""
    initiatives = apps.get_model("initiatives", "Initiative").objects.exclude(kind="")
    for initiative in initiatives.only("kind", "kinds").iterator():
        initiative.kinds = [initiative.kind]
        initiative.save(update_fields=["kinds"])


def to_one(apps, schema_editor):
    """Back: the first sort is the one that stays."""
    for initiative in apps.get_model("initiatives", "Initiative").objects.only("kind", "kinds"):
        initiative.kind = (initiative.kinds or [""])[0]
        initiative.save(update_fields=["kind"])


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0003_the_whole_profile")]

    operations = [migrations.RunPython(to_several, to_one, elidable=True)]
