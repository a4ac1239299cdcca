from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("orientation", "0002_alerts"),)

    operations = (
        migrations.AddField("alert", "site", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
    )
