"""A published version of a grid never changes: the database refuses, whatever the program that tries."""

from django.db import migrations

SENTENCE = "une version publiee de grille ne change plus"

SQLITE = f"""
CREATE TRIGGER diagnosis_gridversion_frozen BEFORE UPDATE ON diagnosis_gridversion
WHEN OLD.status = 'publiee' AND (
    NEW.status IS NOT OLD.status OR NEW.content IS NOT OLD.content OR NEW.digest IS NOT OLD.digest
    OR NEW.number IS NOT OLD.number OR NEW.grid_id IS NOT OLD.grid_id
)
BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION diagnosis_gridversion_frozen() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END
$$ LANGUAGE plpgsql;
CREATE TRIGGER diagnosis_gridversion_frozen BEFORE UPDATE ON diagnosis_gridversion FOR EACH ROW
WHEN (OLD.status = 'publiee' AND (
    NEW.status IS DISTINCT FROM OLD.status OR NEW.content IS DISTINCT FROM OLD.content OR NEW.digest IS DISTINCT FROM OLD.digest
    OR NEW.number IS DISTINCT FROM OLD.number OR NEW.grid_id IS DISTINCT FROM OLD.grid_id
))
EXECUTE FUNCTION diagnosis_gridversion_frozen();
"""


def freeze(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE, params=None)


def thaw(apps, schema_editor):
    on = " ON diagnosis_gridversion" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER diagnosis_gridversion_frozen{on}", params=None)
    if on:
        schema_editor.execute("DROP FUNCTION diagnosis_gridversion_frozen()", params=None)


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0001_grids_and_diagnoses")]

    operations = [migrations.RunPython(freeze, thaw)]
