from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "maillage.interop"
    label = "interop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lend the pages of the sources to the office, which stands below and may not import this app; tell the sources of tables."""
        from maillage.interop.office.extend import extend_office

        extend_office()
        from maillage.interop.sources.registry import PROVIDERS
        from maillage.interop.table_imports.registered import table_sources

        if table_sources not in PROVIDERS:
            PROVIDERS.append(table_sources)
