from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "maillage.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up checks."""
        from maillage.journal import checks  # noqa: F401  # importing registers them
