"""The anchor's desk: confirm, reject, dispute, payables. It knows the suppliers' desk and the core."""
