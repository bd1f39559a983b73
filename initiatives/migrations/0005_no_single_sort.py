from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0004_several_sorts")]

    operations = [migrations.RemoveField(model_name="initiative", name="kind")]
