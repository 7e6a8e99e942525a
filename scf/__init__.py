"""The platform's core: money, ledger, programmes, limits, receivables, factoring, payments, settlement.

It knows nothing of the three desks above it (invoices, anchors, reports).
"""
