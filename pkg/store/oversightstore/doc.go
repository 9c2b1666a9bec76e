// Package oversightstore keeps auditors' samples and findings, in PostgreSQL.
package oversightstore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/logstore"
)

// Oversight is auditors' samples and findings. It is safe for concurrent use.
type Oversight struct {
	*store.DB
	log *logstore.Log
}

// New gives Oversight over an open database.
func New(db *store.DB, log *logstore.Log) *Oversight {
	return &Oversight{DB: db, log: log}
}
