from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "maillage.diagnosis"
    label = "diagnosis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the office its words for what happens here."""
        from maillage.catalogue.office.extensions import TOLD, Told
        from maillage.diagnosis.models import GridVersion
        from maillage.diagnosis.wording import VERBS

        TOLD[GridVersion.KIND] = Told(GridVersion, VERBS)
