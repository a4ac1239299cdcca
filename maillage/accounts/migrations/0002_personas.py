from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_person'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='person', name='person_role_known'),
        migrations.AlterField(
            model_name='person',
            name='role',
            field=models.CharField(choices=[('aucun', 'Sans accès à la gestion'), ('redaction', 'Rédaction'), ('animation', 'Animation du réseau'), ('administration', 'Administration'), ('region', 'Agent de la Région'), ('collectivite', 'Agent d’une collectivité')], default='aucun', max_length=20, verbose_name='rôle'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['aucun', 'redaction', 'animation', 'administration', 'region', 'collectivite'])), name='person_role_known'),
        ),
        migrations.AddField(
            model_name='person',
            name='territory_level',
            field=models.CharField(blank=True, max_length=20, verbose_name='échelon du territoire'),
        ),
        migrations.AddField(
            model_name='person',
            name='territory_code',
            field=models.CharField(blank=True, max_length=20, verbose_name='code du territoire'),
        ),
    ]
