"""What payments answers over HTTP, and the permissions it takes."""

from scf.payments import account_routes, payout_routes, statement_routes
from scf.routes import Route

PERMISSIONS = (*account_routes.PERMISSIONS, *payout_routes.PERMISSIONS, *statement_routes.PERMISSIONS)

ROUTES: tuple[Route, ...] = (*account_routes.ROUTES, *payout_routes.ROUTES, *statement_routes.ROUTES)
