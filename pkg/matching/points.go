package matching

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// Points are the most that each part of a score can give (policies/measures/matching): together Whole. They are a
// choice of ours, to be judged by the hit rate, not of the law.
type Points struct {
	rule.Version `yaml:",inline"`
	Occupation   rule.Figure[int] `yaml:"occupation" between:"1..100"` // when all digits of the KBJI agree
	WishStep     rule.Figure[int] `yaml:"wish_step" between:"1..100"`  // that each place down the list of wishes costs
	Skills       rule.Figure[int] `yaml:"skills" between:"1..100"`
	Distance     rule.Figure[int] `yaml:"distance" between:"1..100"` // in the same regency
	Province     rule.Figure[int] `yaml:"province" between:"1..100"` // in the same province
	Wage         rule.Figure[int] `yaml:"wage" between:"1..100"`
	Start        rule.Figure[int] `yaml:"start" between:"1..100"`
}

// Whole is the score of what fits in everything.
const Whole = 100

// An occupation of the KBJI has so many digits, and a worker wishes for so many occupations at most.
const digits, wishes = 4, 3

// PointsOf has the points of every day.
type PointsOf = rule.Dated[Points]

// LoadPoints reads all files. Parts that are not together Whole are refused, and so is a wish that could cost more than
// its occupation gives.
func LoadPoints(files fs.FS) (PointsOf, error) {
	all, err := rule.LoadDated[Points](files, "measures/matching")
	if err != nil {
		return all, err
	}
	for _, p := range all.List() {
		if most := p.most(); most.Total() != Whole {
			return PointsOf{}, fmt.Errorf("load points %s: together %d, not %d", p.ID, most.Total(), Whole)
		}
		if p.Province.Value > p.Distance.Value {
			return PointsOf{}, fmt.Errorf("load points %s: the province gives more than the regency", p.ID)
		}
		if p.occupation(1, wishes-1) < 1 {
			return PointsOf{}, fmt.Errorf("load points %s: the last wish by a digit gives nothing", p.ID)
		}
	}
	return all, nil
}

// most is the score of what fits in everything.
func (p *Points) most() Parts {
	return Parts{Occupation: p.Occupation.Value, Skills: p.Skills.Value, Distance: p.Distance.Value, Wage: p.Wage.Value,
		Start: p.Start.Value}
}

// Score rates one pair.
func (p *Points) Score(w *Worker, v *Vacancy) Parts {
	return Parts{Occupation: p.wish(w.Wish, v.Occupation), Skills: p.skills(w.Units, v.Units),
		Distance: p.distance(between(w.Region, v.Region)), Wage: p.wage(w.Wish.Wage, v.Wage),
		Start: p.start(w.Wish.From, v.StartsOn)}
}

// bound is the most that a vacancy can have whose occupation agrees in so many digits with a place of the wish.
func (p *Points) bound(agreeing, place int, d Distance) int {
	most := p.most()
	most.Occupation, most.Distance = p.occupation(agreeing, place), p.distance(d)
	return most.Total()
}

func (p *Points) wish(w track.Wish, offered string) (best int) {
	for place, wanted := range [wishes]string{w.Occupation1, w.Occupation2, w.Occupation3} {
		best = max(best, p.occupation(agreement(wanted, offered), place))
	}
	return best
}

// occupation is what so many leading digits give at a place of the wish.
func (p *Points) occupation(agreeing, place int) int {
	if agreeing == 0 {
		return 0
	}
	return p.Occupation.Value*agreeing/digits - p.WishStep.Value*place
}

// agreement counts the leading digits that are the same.
func agreement(wanted, offered string) (n int) {
	for n < min(len(wanted), len(offered)) && wanted[n] == offered[n] {
		n++
	}
	return n
}

func (p *Points) skills(has []string, asked string) int {
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
		return p.Skills.Value
	}
	return p.Skills.Value * found / want
}

func (p *Points) distance(d Distance) int {
	switch d {
	case SameRegency:
		return p.Distance.Value
	case SameProvince:
		return p.Province.Value
	case Elsewhere:
	}
	return 0
}

// wage gives nothing to a wage that nobody stated, and to a lower one what share of the wanted one it reaches beyond
// half.
func (p *Points) wage(wanted, offered money.Rupiah) int {
	switch {
	case wanted == 0 || offered >= wanted:
		return p.Wage.Value
	case offered*2 <= wanted:
		return 0
	}
	return int((offered*2 - wanted) * money.Rupiah(p.Wage.Value) / wanted)
}

func (p *Points) start(available, starts calendar.Date) int {
	if starts.IsZero() || !available.After(starts) {
		return p.Start.Value
	}
	return 0
}
