"""The factoring engine: price, eligibility, request, approve, fund, accrue, dilute."""
