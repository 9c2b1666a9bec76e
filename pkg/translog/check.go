package translog

import (
	"time"

	"github.com/tanggap/tanggap/pkg/codelist"
)

// Check is one verification of the whole database against what was published, and what came of it.
type Check struct {
	At          time.Time
	By          string // account and machine of whoever gave the command
	Answer      Answer
	Entries     int64
	Checkpoints int64 // that the entries were held against
}

// Answer is what a verification says.
type Answer string

// The answers of a verification.
const (
	Proved   Answer = "proved"
	Changed  Answer = "changed"
	Unproved Answer = "unproved"
)

// Values lists every answer.
func (Answer) Values() []Answer { return []Answer{Proved, Changed, Unproved} }

// Valid tells whether a is one of the answers.
func (a Answer) Valid() bool { return codelist.Has(a) }
