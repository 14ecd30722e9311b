"""What does Flask alone give, behind the same gunicorn? One route that answers a small JSON object."""

from __future__ import annotations

from flask import Flask, Response, jsonify


def create_app() -> Flask:
    app = Flask(__name__)

    @app.get("/api/v1/bare")
    def bare() -> Response:
        return jsonify(state="open", counts={"created": 1})

    return app
