from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "maillage.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell accounts which personas memberships give."""
        from maillage.accounts.personas import add_source
        from maillage.catalogue.personas import from_memberships

        add_source(from_memberships)
