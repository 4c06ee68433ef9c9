"""How the trained parts are made: ``make model DATA=DIR`` (docs/model.md). Nothing that runs imports it."""
