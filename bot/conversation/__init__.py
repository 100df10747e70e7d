"""One turn from question to answer: sessions, case, statuses, log, hand-over, erasure."""
