from django.apps import AppConfig


class OrientationConfig(AppConfig):
    name = "maillage.orientation"
    label = "orientation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lend the page of an offer to the office, which shows it before it is published and may not import this app."""
        from maillage.catalogue.office import preview
        from maillage.orientation.views.offer import offer_context

        preview.offer_context = offer_context
