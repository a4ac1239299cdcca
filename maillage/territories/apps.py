from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "maillage.territories"
    label = "territories"
    default_auto_field = "django.db.models.BigAutoField"
