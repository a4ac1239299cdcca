from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "maillage.interop"
    label = "interop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lend the pages of the sources to the office, which stands below and may not import this app."""
        from maillage.interop.office.extend import extend_office

        extend_office()
