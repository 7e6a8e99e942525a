"""What settlement answers over HTTP, and the permissions it takes."""

from scf.module import Permission
from scf.routes import Route
from scf.settlement import cash_routes, finding_routes, trouble_routes
from scf.settlement.close_day import CLOSE, TOTALS

PERMISSIONS = (
    *cash_routes.PERMISSIONS,
    *trouble_routes.PERMISSIONS,
    *finding_routes.PERMISSIONS,
    Permission(CLOSE.name, "move a book to its next business date"),
    Permission(TOTALS.name, "write the totals of closed days"),
)

ROUTES: tuple[Route, ...] = (*cash_routes.ROUTES, *trouble_routes.ROUTES, *finding_routes.ROUTES)
