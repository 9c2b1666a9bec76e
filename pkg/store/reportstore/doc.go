// Package reportstore keeps figures of layoffs and results, in PostgreSQL.
package reportstore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/logstore"
)

// Reports is figures of layoffs and results. It is safe for concurrent use.
type Reports struct {
	*store.DB
	log *logstore.Log
}

// New gives Reports over an open database.
func New(db *store.DB, log *logstore.Log) *Reports { return &Reports{DB: db, log: log} }
