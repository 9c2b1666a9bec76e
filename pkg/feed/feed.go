// Package feed is what other systems are told of: each entry of the published log, in its order. The place of an entry
// in the log is the cursor.
//
// Only the published part of the log is told. The place of an entry that is sealed and not yet published could be given
// to another one after a failover to a server that never had it; a reader who had passed the place would miss that one.
package feed

import (
	"context"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Subject is whose history a change is an entry of.
type Subject string

// The subjects.
const (
	Case   Subject = "case"
	Layoff Subject = "layoff"
)

// Values lists the subjects.
func (Subject) Values() []Subject { return []Subject{Case, Layoff} }

// Valid tells whether s is one of the subjects.
func (s Subject) Valid() bool { return codelist.Has(s) }

// Change is one entry of the log as others are told of it, by GET /v1/changes and by a webhook alike. It says that
// something happened and to what; what it was is read under the rights of the reader. Nothing in it is personal.
type Change struct {
	Index      int64         `json:"index" doc:"Place of the entry in the log over all histories, from 0: the cursor"`
	Subject    Subject       `json:"subject" doc:"Whose history it is an entry of"`
	ID         string        `json:"id" format:"uuid" doc:"Of the case or layoff"`
	Seq        int           `json:"seq" doc:"Number of the entry in its history, and the version of the case or layoff after it"`
	Kind       string        `json:"kind" doc:"What happened, such as case.opened"`
	Region     string        `json:"region" doc:"Where the case or layoff is now"`
	OccurredOn calendar.Date `json:"occurred_on"`
	RecordedAt time.Time     `json:"recorded_at"`
}

// Window is how many entries of the log are looked at for one page. A reader of a small region gets pages that are
// short or empty, and moves on in the log: no page costs more than its window, however little of the log is the
// reader's.
const Window = 10_000

// Filter says which changes are read.
type Filter struct {
	From  int64  // place of the first entry that is looked at
	Kind  string // of entries; empty for all
	Limit int
}

// Page is what is told of a stretch of the log.
type Page struct {
	Items []Change
	Place int64 // of the first entry that was not looked at
	Size  int64 // of the published log
}

// More tells whether the log goes on.
func (p Page) More() bool { return p.Place < p.Size }

// Store reads the published log.
type Store interface {
	// Changes reads a page of what lies in the scope now; changes.place_unknown for a place that the log does not have
	// yet.
	Changes(ctx context.Context, scope authz.Scope, f Filter) (Page, error)
	// Published is the size of the published log.
	Published(ctx context.Context) (int64, error)
}

// ErrPlaceUnknown refuses a place behind the end of the log: a reader who asks for it has read another log.
var ErrPlaceUnknown = fault.New(fault.Invalid, "changes.place_unknown").At("after")
