// Package matching ranks vacancies for a worker and workers for a vacancy (PaskerID): by occupation, skills, distance, wage
// and availability, and by nothing else. Every score is the sum of parts that can be shown to the worker.
package matching

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// The most that each part can give: together 100. They are a choice of ours, to be judged by the hit rate, not of the law.
const (
	MostOccupation = 40
	MostSkills     = 25
	MostDistance   = 20
	MostWage       = 10
	MostStart      = 5
)

// occupationPoints by how many leading digits of the KBJI agree, and by how much the worker wants the occupation: each
// place down the list costs wishStep.
var occupationPoints = [...]int{0, 10, 20, 30, MostOccupation}

const wishStep = 2

// Distance is how far a place of work is from the worker's office. Nothing finer is known: the reference data has no places.
type Distance int

// The distances.
const (
	SameRegency Distance = iota
	SameProvince
	Elsewhere
)

var distancePoints = [...]int{SameRegency: MostDistance, SameProvince: 12, Elsewhere: 0}

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

// Parts is a score with its reasons.
type Parts struct {
	Occupation int `json:"occupation" doc:"Of 40: how many digits of the KBJI agree, and how much it is wanted"`
	Skills     int `json:"skills" doc:"Of 25: the share of the SKKNI units asked for that the worker has"`
	Distance   int `json:"distance" doc:"Of 20: the same regency, the same province, elsewhere"`
	Wage       int `json:"wage" doc:"Of 10: whether the wage reaches the one wanted"`
	Start      int `json:"start" doc:"Of 5: whether the worker is available when the work starts"`
}

// Total is the score, 0 to 100.
func (p Parts) Total() int { return p.Occupation + p.Skills + p.Distance + p.Wage + p.Start }

// Match is one pair with its score.
type Match struct {
	Vacancy uuid.UUID
	Case    uuid.UUID
	Parts   Parts
}

// Score rates one pair.
func Score(w *Worker, v *Vacancy) Parts {
	return Parts{Occupation: occupationScore(w.Wish, v.Occupation), Skills: skills(w.Units, v.Units), Distance: distancePoints[between(w.Region, v.Region)],
		Wage: wage(w.Wish.Wage, v.Wage), Start: start(w.Wish.From, v.StartsOn)}
}

func occupationScore(w track.Wish, offered string) (best int) {
	for place, wanted := range [...]string{w.Occupation1, w.Occupation2, w.Occupation3} {
		best = max(best, agreement(wanted, offered, place))
	}
	return best
}

// agreement is what an occupation gives at a place of the wish.
func agreement(wanted, offered string, place int) int {
	digits := 0
	for digits < min(len(wanted), len(offered)) && wanted[digits] == offered[digits] {
		digits++
	}
	if digits == 0 {
		return 0
	}
	return occupationPoints[digits] - wishStep*place
}

func skills(has []string, asked string) int {
	want, found := 0, 0
	for unit := range strings.SplitSeq(asked, ",") {
		if unit = strings.TrimSpace(unit); unit == "" {
			continue
		}
		want++
		if _, ok := slices.BinarySearch(has, unit); ok {
			found++
		}
	}
	if want == 0 {
		return MostSkills
	}
	return MostSkills * found / want
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

// wage gives nothing to a wage that nobody stated, and to a lower one what share of the wanted one it reaches beyond half.
func wage(wanted, offered money.Rupiah) int {
	switch {
	case wanted == 0 || offered >= wanted:
		return MostWage
	case offered*2 <= wanted:
		return 0
	}
	return int((offered*2 - wanted) * MostWage / wanted)
}

func start(available, starts calendar.Date) int {
	if starts.IsZero() || !available.After(starts) {
		return MostStart
	}
	return 0
}

// order is the one order of matches: the best first, and among equals the newer vacancy, then the newer case.
func order(a, b Match) int {
	return cmp.Or(cmp.Compare(b.Parts.Total(), a.Parts.Total()), slices.Compare(b.Vacancy[:], a.Vacancy[:]), slices.Compare(b.Case[:], a.Case[:]))
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
