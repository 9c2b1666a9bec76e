// Package trackstore keeps what runs inside a case, and the work lists made of it, in PostgreSQL.
package trackstore

import (
	"sync/atomic"

	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// Tracks is what runs inside a case, and the work lists made of it. It is safe for concurrent use.
type Tracks struct {
	*store.DB
	cases    *casestore.Cases
	measures atomic.Pointer[measure.Book]
}

// New gives Tracks over an open database.
func New(db *store.DB, cases *casestore.Cases, measures measure.Book) *Tracks {
	s := &Tracks{DB: db, cases: cases}
	s.Follow(measures)
	return s
}

// Follow makes the days of tasks follow from other measures from now on.
func (s *Tracks) Follow(m measure.Book) { s.measures.Store(&m) }
