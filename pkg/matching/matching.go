// Package matching ranks vacancies for a worker and workers for a vacancy (PaskerID): by occupation, skills, distance,
// wage and availability, and by nothing else. Every score is the sum of parts that can be shown to the worker.
package matching

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Distance is how far a place of work is from the worker's office. Nothing finer is known: the reference data has no
// places.
type Distance int

// The distances.
const (
	SameRegency Distance = iota
	SameProvince
	Elsewhere
)

// Worker is all that a match knows of a worker.
type Worker struct {
	Case   uuid.UUID
	Region region.Code
	Wish   track.Wish
	Units  []string // of the wish and of the certificates, sorted
}

// Vacancy is all that a match knows of a vacancy.
type Vacancy struct {
	ID         uuid.UUID
	Region     region.Code
	Occupation string
	Units      string
	Wage       money.Rupiah
	StartsOn   calendar.Date
}

// Parts is a score with its reasons: what each part gives, of its most (Points).
type Parts struct {
	Occupation int `json:"occupation" doc:"How many digits of the KBJI agree, and how much it is wanted"`
	Skills     int `json:"skills" doc:"The share of the SKKNI units asked for that the worker has"`
	Distance   int `json:"distance" doc:"The same regency, the same province, elsewhere"`
	Wage       int `json:"wage" doc:"Whether the wage reaches the one wanted"`
	Start      int `json:"start" doc:"Whether the worker is available when the work starts"`
}

// Total is the score, 0 to 100.
func (p Parts) Total() int { return p.Occupation + p.Skills + p.Distance + p.Wage + p.Start }

// Match is one pair with its score.
type Match struct {
	Vacancy uuid.UUID
	Case    uuid.UUID
	Parts   Parts
}

func between(a, b region.Code) Distance {
	switch {
	case a == b:
		return SameRegency
	case a.Province() == b.Province():
		return SameProvince
	}
	return Elsewhere
}

// order is the one order of matches: the best first, and among equals the newer vacancy, then the newer case.
func order(a, b Match) int {
	return cmp.Or(cmp.Compare(b.Parts.Total(), a.Parts.Total()), slices.Compare(b.Vacancy[:], a.Vacancy[:]),
		slices.Compare(b.Case[:], a.Case[:]))
}

// top keeps the best matches.
type top struct {
	most int
	list []Match
}

func (t *top) add(m Match) {
	at, _ := slices.BinarySearchFunc(t.list, m, order)
	if at >= t.most {
		return
	}
	if len(t.list) == t.most {
		t.list = t.list[:t.most-1]
	}
	t.list = slices.Insert(t.list, at, m)
}

// beats tells whether nothing with at most so many points can still come in. Equals could, by their age.
func (t *top) beats(bound int) bool {
	return len(t.list) == t.most && t.list[len(t.list)-1].Parts.Total() > bound
}
