// Package trackstore keeps what runs inside a case, and the work lists made of it, in PostgreSQL.
package trackstore

import (
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// Tracks is what runs inside a case, and the work lists made of it. It is safe for concurrent use.
type Tracks struct {
	*store.DB
	cases    *casestore.Cases
	measures measure.Book
}

// New gives Tracks over an open database.
func New(db *store.DB, cases *casestore.Cases, measures measure.Book) *Tracks {
	return &Tracks{DB: db, cases: cases, measures: measures}
}
