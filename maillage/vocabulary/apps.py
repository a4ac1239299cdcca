from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "maillage.vocabulary"
    label = "vocabulary"
    default_auto_field = "django.db.models.BigAutoField"
