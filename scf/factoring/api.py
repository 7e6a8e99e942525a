"""What the engine answers over HTTP, and the permissions it takes."""

from scf.factoring import advance_routes, claim_routes, limit_routes, price_routes, request_routes
from scf.factoring.accrue import ACCRUE
from scf.factoring.dilute import DILUTE
from scf.module import Permission
from scf.routes import Route

PERMISSIONS = (
    *request_routes.PERMISSIONS,
    *limit_routes.PERMISSIONS,
    Permission(ACCRUE.name, "earn the discount, day by day"),
    Permission(DILUTE.name, "book what a credit note after funding costs"),
)

ROUTES: tuple[Route, ...] = (
    *request_routes.ROUTES,
    *advance_routes.ROUTES,
    *claim_routes.ROUTES,
    *limit_routes.ROUTES,
    *price_routes.ROUTES,
)
