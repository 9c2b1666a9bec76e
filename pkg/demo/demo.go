// Package demo fills a demo office with made-up people, so that whoever tries the program finds a working day in it.
// What happened to them stands in office.yaml. It is told to the API by the officers of the demo, with the clock on the
// day on which it happened: every rule, right and entry of the history is the product's own.
package demo

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
)

//go:embed office.yaml
var office []byte

// book is what office.yaml holds.
type book struct {
	Before []step            // what the office has when the first worker comes
	Plots  map[string][]step // what happens to a worker, by its name
	Cast   []worker
	After  []step // what the office does with the files, and last of all what tells that all was told
}

// step is one thing that somebody does: a call of the API, or another plot.
type step struct {
	On    string         // the day; that of the step before when left out
	As    string         // the officer; that of the worker when left out
	Post  string         // a path below the worker's case, or a whole one
	Body  map[string]any // days and {names} in it are filled in
	File  string         // a list that is sent with the fields of the body
	Keep  string         // what the thing that was made is called from here on
	Tell  string         // a plot
	With  map[string]int // what {names} in it stand for
	About string         // the worker whose case it is, in what comes after
}

// worker is one of the cast.
type worker struct {
	Name, Sex, Born, Job, Plot, Out, As, Of, Region string
	Alone                                           bool // nobody has taken the case
}

// Teller tells what is in the book.
type Teller struct {
	API    http.Handler
	Clock  *clock.Fixed // stands at the present instant
	Fresh  bool         // the database has no histories yet
	Bearer func(ctx context.Context, officer string) (token string, err error)

	today    calendar.Date
	now      time.Time
	tokens   map[string]string
	versions map[string]int // of things by their ids, as last answered
	sent     int
}

// The layoffs that are written down before and after everything else: an office that has the last was told whole.
const first, last = "PT Contoh Garmen Jaya", "PT Misal Elektronik"

// Tell fills an office without histories. One whose filling broke off today is told to its end: under the keys of the
// requests nothing is done twice. Any other office is left as it is.
func (t *Teller) Tell(ctx context.Context) error {
	var b book
	if err := yaml.Unmarshal(office, &b); err != nil {
		return fmt.Errorf("read the demo office: %w", err)
	}
	t.now = t.Clock.Now()
	t.today = calendar.Of(t.now, calendar.WIB)
	t.tokens, t.versions = map[string]string{}, map[string]int{}
	if tell, err := t.untold(ctx); !tell || err != nil {
		return err
	}
	s := scene{Teller: t, book: &b, names: map[string]string{}, day: t.today, as: "bandung"}
	if err := s.play(ctx, b.Before); err != nil {
		return err
	}
	s.cases = map[string]scene{}
	for i, w := range b.Cast {
		own := s
		own.names = maps.Clone(s.names)
		if err := own.live(ctx, i, w); err != nil {
			return fmt.Errorf("the story of %s: %w", w.Name, err)
		}
		s.cases[w.Name] = own
	}
	return s.play(ctx, b.After)
}

// untold tells whether there is something to tell: by the layoffs of the office, which nobody can delete.
func (t *Teller) untold(ctx context.Context) (bool, error) {
	layoffs, err := t.get(ctx, "jabar", "/v1/layoffs?limit=200")
	if err != nil {
		return false, err
	}
	tell := t.Fresh
	for _, l := range layoffs.Items {
		switch l.employer() {
		case last:
			return false, nil
		case first:
			tell = l.PlannedOn == t.today.AddDays(firstPlanned)
		}
	}
	return tell, nil
}

// firstPlanned is the day of the first layoff, from today.
const firstPlanned = -150

// at sets the clock to the working hours of a day; today has come as far as it has.
func (t *Teller) at(day calendar.Date) {
	at := day.Time().Add(3 * time.Hour)
	if day == t.today {
		at = t.now
	}
	t.Clock.Set(at)
}

// scene is where a story has come to.
type scene struct {
	*Teller
	book  *book
	names map[string]string // what {names} stand for
	out   calendar.Date     // the last day of work of the worker
	day   calendar.Date
	as    string
	cases map[string]scene // of the cast by their names, once they are told
}

// live tells the story of one worker.
func (s *scene) live(ctx context.Context, i int, w worker) (err error) {
	if s.out, err = s.dayOf(w.Out); err != nil {
		return err
	}
	if s.as = w.As; s.as == "" {
		s.as = "bandung"
	}
	body, err := s.opening(i, w)
	if err != nil {
		return err
	}
	s.day = s.out.AddDays(4)
	if s.day.After(s.today) {
		s.day = s.today
	}
	s.at(s.day)
	answer, err := s.call(ctx, s.as, "/v1/cases", body)
	if err != nil {
		return err
	}
	s.names["case"] = answer.made()
	if !w.Alone {
		if err := s.do(ctx, step{Post: "assignment", Body: map[string]any{"officer": "me"}}); err != nil {
			return err
		}
	}
	return s.play(ctx, s.book.Plots[w.Plot])
}

// play does steps one after the other.
func (s *scene) play(ctx context.Context, steps []step) error {
	for _, one := range steps {
		if err := s.one(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) one(ctx context.Context, one step) error {
	if one.About != "" {
		of, known := s.cases[one.About]
		if !known {
			return fmt.Errorf("nobody of the cast is called %s", one.About)
		}
		of.day = s.today
		one.About = ""
		return of.one(ctx, one)
	}
	if one.Tell == "" {
		return s.do(ctx, one)
	}
	inner := *s
	inner.names = maps.Clone(s.names)
	for name, n := range one.With {
		inner.names[name] = strconv.Itoa(n)
	}
	return inner.play(ctx, s.book.Plots[one.Tell])
}

// do carries out one call.
func (s *scene) do(ctx context.Context, one step) error {
	if one.On != "" {
		day, err := s.dayOf(s.fill(one.On))
		if err != nil {
			return err
		}
		s.day = day
	}
	s.at(s.day)
	as := one.As
	if as == "" {
		as = s.as
	}
	body, err := s.bodyOf(one)
	if err != nil {
		return err
	}
	path := s.fill(one.Post)
	if path[0] != '/' {
		path = "/v1/cases/" + s.names["case"] + "/" + path
	}
	var answer answer
	if one.File != "" {
		answer, err = s.upload(ctx, as, path, s.dated(one.File), body)
	} else {
		answer, err = s.call(ctx, as, path, body)
	}
	if err != nil {
		return fmt.Errorf("%s by %s on %s: %w", one.Post, as, s.day, err)
	}
	if one.Keep != "" {
		s.names[one.Keep] = answer.made()
	}
	return nil
}
