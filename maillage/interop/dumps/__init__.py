"""The nightly dump: every format, compressed, with its manifest; served at /donnees/ and described in DCAT."""
