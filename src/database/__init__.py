"""The durable record: schema, ledger, event log and what processes share."""
