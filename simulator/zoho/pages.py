"""What do the CRM pages show?"""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("zoho_pages", __name__, template_folder="templates")
