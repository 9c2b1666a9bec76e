package rule

import (
	"fmt"
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Version is the head of a parameter file: which law, from when until when. A file type embeds it with
// `yaml:",inline"`.
type Version struct {
	// Programme is the folder's name: jkp, severance, prakerja.
	Programme string `yaml:"programme" json:"programme"`
	// Kind tells the files of one programme apart: "rules", "transition", "training_cost".
	Kind string `yaml:"kind" json:"kind"`
	// ID is unique in the programme: "pp-6-2025".
	ID string `yaml:"id" json:"id"`
	// Title is for people.
	Title string `yaml:"title" json:"title"`
	// Citation is the instrument that figures without a citation of their own come from.
	Citation string `yaml:"citation" json:"citation"`
	// ValidFrom is the first day.
	ValidFrom calendar.Date `yaml:"valid_from" json:"valid_from"`
	// ValidUntil is the first day on which the version no longer holds (exclusive); zero = still in force.
	ValidUntil calendar.Date `yaml:"valid_until,omitempty" json:"valid_until"`
	// UnderReplacement says that the version is about to be replaced; nil when nothing of the kind is known.
	UnderReplacement *Replacement `yaml:"under_replacement,omitempty" json:"under_replacement,omitempty"`
	// Texts word the criteria of the programme that have no words in a file of texts.
	Texts    Catalogue `yaml:"texts,omitempty" json:"-"`
	Optional `yaml:",inline" json:"-"`
}

// Replacement warns that a version is about to be replaced: what was seen on a day, in both languages.
type Replacement struct {
	LookedAt calendar.Date `yaml:"looked_at" json:"looked_at"`
	Note     Words         `yaml:"note" json:"note"`
}

// Words is a text in both languages.
type Words struct {
	ID string `yaml:"id" json:"id"`
	EN string `yaml:"en" json:"en"`
}

// In is the text in a language.
func (w Words) In(l Language) string {
	if l == English {
		return w.EN
	}
	return w.ID
}

// Optional is embedded with `yaml:",inline"` in a part of a file that may lack figures. What is lacking is named, so
// that a figure that was lost is never taken for a condition that the version does not have.
type Optional struct {
	// Without names the keys that are absent on purpose ("max_age", "aid.family_hope").
	Without []string `yaml:"without,omitempty" json:"-"`
}

func (o Optional) lacks() []string { return o.Without }

// Head returns the version itself, so that every file type that embeds Version has it.
func (v Version) Head() Version { return v }

// Holds reports whether the version is in force on day d.
func (v *Version) Holds(d calendar.Date) bool {
	return !d.Before(v.ValidFrom) && (v.ValidUntil.IsZero() || d.Before(v.ValidUntil))
}

// Versioned is any file type that embeds Version.
type Versioned interface{ Head() Version }

// Timeline holds the versions of one rule without gap and overlap, oldest first.
type Timeline[T Versioned] struct {
	versions []T
	heads    []Version
}

// NewTimeline sorts the versions and refuses none at all, overlaps, gaps and repeated ids.
func NewTimeline[T Versioned](versions ...T) (Timeline[T], error) {
	if len(versions) == 0 {
		return Timeline[T]{}, fault.New(fault.Invalid, "rule.no_version")
	}
	sorted := slices.Clone(versions)
	slices.SortFunc(sorted, func(a, b T) int { return a.Head().ValidFrom.Compare(b.Head().ValidFrom) })
	heads := make([]Version, len(sorted))
	for i, v := range sorted {
		heads[i] = v.Head()
	}
	for i := 1; i < len(heads); i++ {
		before, after := &heads[i-1], &heads[i]
		if before.ValidUntil != after.ValidFrom {
			return Timeline[T]{}, fmt.Errorf("version %s does not end on the day on which %s begins", before.ID, after.ID)
		}
		if slices.ContainsFunc(heads[:i], func(v Version) bool { return v.ID == after.ID }) {
			return Timeline[T]{}, fmt.Errorf("version %s stands twice", after.ID)
		}
	}
	return Timeline[T]{sorted, heads}, nil
}

// At returns the version in force on day d; fault rule.no_version (Invalid) before the first and after the last.
func (t Timeline[T]) At(d calendar.Date) (T, error) {
	for i := len(t.heads) - 1; i >= 0; i-- { // the newest is asked for most
		if t.heads[i].Holds(d) {
			return t.versions[i], nil
		}
	}
	var none T
	return none, fault.New(fault.Invalid, "rule.no_version", "date", d.String())
}

// List returns the versions, oldest first.
func (t Timeline[T]) List() []T { return slices.Clone(t.versions) }
