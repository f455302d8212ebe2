"""Puts the web face together from what it is given."""

from typing import NamedTuple

from flask import Flask
from flask_cors import CORS
from flask_openapi.openapi import OpenAPI
from flask_socketio import SocketIO

from services.auth import Authentication
from services.backtests import Backtests
from services.notification_service import NotificationService
from services.notifications.announcing import Announcer
from services.notifications.sign_ins import SignInNotices
from services.notifications.unsubscribing import Unsubscribing
from services.passwords import PasswordHasher
from src.database import EventLog, LiveState, NotificationPreferences
from src.database.change_watch import ChangeWatch
from src.web.auth_routes import auth_blueprint
from src.web.backtest_routes import backtest_blueprint
from src.web.command_routes import command_blueprint
from src.web.connections import Connections
from src.web.dashboard_routes import dashboard_blueprint
from src.web.dependencies import WebDependencies
from src.web.documentation import SECURITY_SCHEMES, information, register_document
from src.web.errors import invalid_fields, register_error_handlers
from src.web.frontend import register_frontend
from src.web.guard import guard_api
from src.web.headers import register_security_headers
from src.web.health_routes import health_blueprint
from src.web.json_format import StrictJSONProvider
from src.web.notification_routes import notification_blueprint
from src.web.outlet import SocketIOOutlet
from src.web.relay import Relay
from src.web.socket_gate import SocketGate
from src.web.sockets import create_socketio, register_connect
from src.web.supervision import Supervisor
from src.web.unsubscribe_routes import unsubscribe_blueprint

MAX_BODY_BYTES = 65_536


class Web(NamedTuple):
    """The web face of one process. `relay` is started after forking and stopped at the end."""

    app: Flask
    socketio: SocketIO
    relay: Relay
    authentication: Authentication
    connections: Connections


def create_web(dependencies: WebDependencies) -> Web:
    """REST, Socket.IO and the dashboard over one database. Starts no thread, opens no file."""
    authentication = Authentication(
        dependencies.database,
        dependencies.clock,
        dependencies.secret_key,
        PasswordHasher(dependencies.password_cost),
    )
    app = _create_app(dependencies, authentication)
    connections = Connections(dependencies.max_sockets)
    socketio, relay = _attach_sockets(app, dependencies, authentication, connections)
    return Web(app, socketio, relay, authentication, connections)


def _create_app(dependencies: WebDependencies, authentication: Authentication) -> OpenAPI:
    app = OpenAPI(
        __name__,
        info=information(dependencies.facts.version),
        security_schemes=SECURITY_SCHEMES,
        validation_error_callback=invalid_fields,
        doc_ui=False,
        static_folder=None,
    )
    app.json = StrictJSONProvider(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    register_error_handlers(app)
    guard_api(app, authentication)
    live = LiveState(dependencies.database, dependencies.facts.environment)
    app.register_api(auth_blueprint(authentication, _sign_in_notices(dependencies).signed_in))
    app.register_api(health_blueprint(dependencies.facts, live, dependencies.clock))
    app.register_api(dashboard_blueprint(dependencies, live))
    app.register_api(command_blueprint(dependencies))
    app.register_api(
        backtest_blueprint(
            Backtests(dependencies.database, dependencies.clock, dependencies.backtest_defaults)
        )
    )
    _register_notifications(app, dependencies)
    register_document(app)
    register_frontend(app, dependencies.frontend_directory)
    register_security_headers(app)
    CORS(
        app,
        resources={r"/api/.*": {"origins": list(dependencies.cors_origins)}},
        allow_headers=["Authorization", "Content-Type"],
        methods=["GET", "POST", "PUT", "DELETE"],
        max_age=600,
        always_send=False,
    )
    return app


def _sign_in_notices(dependencies: WebDependencies) -> SignInNotices:
    announcer = Announcer(dependencies.database, dependencies.facts.environment, dependencies.clock)
    return SignInNotices(dependencies.database, announcer, dependencies.clock)


def _register_notifications(app: OpenAPI, dependencies: WebDependencies) -> None:
    gear, database, clock = dependencies.notifications, dependencies.database, dependencies.clock
    service = NotificationService(
        database,
        dependencies.facts.environment,
        gear.channels,
        gear.box,
        clock,
        simulated=dependencies.facts.simulated,
    )
    app.register_api(notification_blueprint(service, gear.push_key))
    app.register_blueprint(
        unsubscribe_blueprint(
            Unsubscribing(
                NotificationPreferences(database), dependencies.secret_key, gear.public_url, clock
            )
        )
    )


def _attach_sockets(
    app: Flask,
    dependencies: WebDependencies,
    authentication: Authentication,
    connections: Connections,
) -> tuple[SocketIO, Relay]:
    socketio = create_socketio(app)
    outlet = SocketIOOutlet(socketio.server)
    environment = dependencies.facts.environment
    relay = Relay(
        EventLog(dependencies.database, environment),
        LiveState(dependencies.database, environment),
        ChangeWatch(dependencies.database),
        outlet,
        Supervisor(connections, outlet, authentication, dependencies.clock),
        dependencies.relay_interval,
    )
    register_connect(
        socketio, authentication, connections, relay, dependencies.max_sockets_per_user
    )
    gate = SocketGate(app.wsgi_app, connections, dependencies.cors_origins, dependencies.clock)
    setattr(app, "wsgi_app", gate)  # noqa: B010 - how Flask takes middleware, though it is a method
    return socketio, relay
