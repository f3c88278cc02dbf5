import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotes", "0004_configurations")]
    operations = [
        migrations.AddField(
            model_name="offerline",
            name="contents",
            field=models.JSONField(
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="of a kit, what was in it when the offer was sent",
                null=True,
            ),
        ),
    ]
