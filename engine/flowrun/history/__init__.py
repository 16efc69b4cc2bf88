"""History: what happened to flowfiles, read from the journal's segments (NiFi's provenance).

`archive` finds the records that speak of a flowfile, `passage` takes one flowfile's part out of a record, `trail` puts
its parts together, and `event` says them in NiFi's words. `explanation` tells why, `lineage` who descends from whom.
"""
