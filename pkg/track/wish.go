package track

import (
	"fmt"
	"regexp"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
)

// Reach is how far from home the worker would work.
type Reach string

// The reaches.
const (
	OwnRegency  Reach = "regency"
	OwnProvince Reach = "province"
	Nation      Reach = "nation"
)

// Values lists the reaches.
func (Reach) Values() []Reach { return []Reach{OwnRegency, OwnProvince, Nation} }

// Valid tells whether r is one of the reaches.
func (r Reach) Valid() bool { return codelist.Has(r) }

// Wish is what work the worker looks for, as the self-assessment asks it (asesmen diri: up to three wanted jobs). It
// holds nothing that a match must not look at: no sex, no age, no health, no faith, no name.
type Wish struct {
	Occupation1 string        `json:"occupation_1" part:"fact,erased"` // KBJI, one to four digits, most wanted first
	Occupation2 string        `json:"occupation_2,omitempty" part:"fact,erased"`
	Occupation3 string        `json:"occupation_3,omitempty" part:"fact,erased"`
	Units       string        `json:"units" part:"fact,erased"`         // SKKNI units besides those of the certificates
	Wage        money.Rupiah  `json:"wage" part:"fact,erased"`          // least wanted a month, 0 when nobody said
	From        calendar.Date `json:"from,omitzero" part:"fact,erased"` // available from
	Reach       Reach         `json:"reach" part:"fact,erased"`
}

var occupation = regexp.MustCompile(`^[0-9]{1,4}$`)

// Occupations lists what is wanted, most wanted first.
func (w Wish) Occupations() []string {
	var list []string
	for _, code := range []string{w.Occupation1, w.Occupation2, w.Occupation3} {
		if code != "" {
			list = append(list, code)
		}
	}
	return list
}

// WishRecorded is the history entry of a wish.
const WishRecorded casework.Kind = "wish.recorded"

// Wishes are declared here. A case has one at most: the newest.
var Wishes = &Kind[Wish, string, None]{
	Name: "wish", Table: "job_wish", Made: WishRecorded, One: true,
	Records: "jobseeker-wish",
	ID:      func(*Wish) *uuid.UUID { return new(uuid.Nil) },
	New: func(_ Moment, w *Wish) error {
		for i, code := range []string{w.Occupation1, w.Occupation2, w.Occupation3} {
			if (code != "" || i == 0) && !occupation.MatchString(code) {
				return fault.New(fault.Invalid, "wish.occupation").At(fmt.Sprintf("occupations[%d]", i))
			}
		}
		if !w.Reach.Valid() {
			return fault.New(fault.Invalid, "wish.reach").At("reach")
		}
		return nil
	},
}
