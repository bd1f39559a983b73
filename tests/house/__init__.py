"""The house keeps its own rules: floors, templates, migrations, the catalogue, the repository."""
