from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "maillage.config"
    label = "config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        """Register the start-up checks."""
        from maillage.config import checks  # noqa: F401  # importing registers them
