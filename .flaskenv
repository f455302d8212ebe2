# Names the commands for `flask`. Settings belong in .env.
FLASK_APP=src.cli:create_cli_app
