# Names the application for the `flask` command. Settings belong in .env.
FLASK_APP=api_server.py
