package export

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/narrative"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Officer is who did something, as people know them.
type Officer struct {
	Name   string
	Office region.Code
	Roles  []string
}

// speech words an export in the language that was asked for.
type speech struct {
	narrative.Teller
	tree     *region.Tree
	officers map[uuid.UUID]Officer
}

// speech reads the names that the export tells. Indonesian is the language of who asked for none.
func (m *run) speech() (*speech, error) {
	known, err := m.snap.Officers()
	if err != nil {
		return nil, err
	}
	s := &speech{tree: m.Tree, officers: known}
	s.Lang = m.x.Asked.Language
	if s.Lang == "" {
		s.Lang = "id"
	}
	s.Names = narrative.Names{Officer: s.nameOf, Region: func(code string) string { return s.region(region.Code(code)) }}
	return s, nil
}

func (s *speech) say(code string, args ...string) string {
	filled := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		filled[args[i]] = args[i+1]
	}
	return wording.Message(s.Lang, code, filled)
}

func (s *speech) nameOf(id string) string {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return ""
	}
	return s.officers[parsed].Name
}

// region is the name of a region; the nation has no code.
func (s *speech) region(code region.Code) string {
	if code == "" {
		return s.say("book.nation")
	}
	if s.tree != nil {
		if r, known := s.tree.Get(code); known {
			return r.Name
		}
	}
	return string(code)
}

// officer is name, roles and office of who did something; the zero id is the program.
func (s *speech) officer(id uuid.UUID) string {
	if id == uuid.Nil {
		return s.say("dossier.program")
	}
	o, known := s.officers[id]
	if !known {
		return s.say("dossier.unknown_officer")
	}
	parts := []string{o.Name}
	for _, role := range o.Roles {
		parts = append(parts, wording.LabelIn(s.Lang, "authz.role", role))
	}
	if o.Office == "" {
		return strings.Join(append(parts, s.say("dossier.ministry")), ", ")
	}
	return strings.Join(append(parts, s.region(o.Office)), ", ")
}

// instant is a moment by the clock of an office.
func (s *speech) instant(t time.Time, office region.Code) string {
	zone := casework.ZoneOf(office)
	return s.Day(calendar.Of(t, zone)) + " " + t.In(zone.Location()).Format("15.04.05") + " " + string(zone)
}

// due is a deadline and what for.
func (s *speech) due(c *casework.Case) string {
	if c.DueOn.IsZero() {
		return ""
	}
	what := c.DueFor
	if n, is := strings.CutPrefix(what, "month_"); is {
		what = s.say("dossier.due_month", "n", n)
	} else if what == "claim" {
		what = s.say("dossier.due_claim")
	}
	return s.Day(c.DueOn) + " (" + what + ")"
}

// filter is what was asked for, in words.
func (s *speech) filter(a Request) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, s.say("book.filter_"+name)+": "+value)
		}
	}
	if a.Region != "" {
		add("region", s.region(a.Region))
	}
	if a.Stage != "" {
		add("stage", wording.Label(s.Lang, a.Stage))
	}
	if a.Outcome != "" {
		add("outcome", wording.Label(s.Lang, a.Outcome))
	}
	if a.Claim != "" {
		add("claim", wording.Label(s.Lang, a.Claim))
	}
	if a.Officer != "" {
		add("officer", s.nameOf(a.Officer))
	}
	add("layoff", a.Layoff)
	add("case", a.Case)
	add("from", s.Day(a.From))
	add("until", s.Day(a.Until))
	if len(parts) == 0 {
		return s.say("book.filter_none")
	}
	return strings.Join(parts, "; ")
}

func (s *speech) checkpoint(m *run) string {
	return s.say("book.checkpoint_is", "size", strconv.FormatInt(m.asOf.Size, 10), "instant", utc(m.asOf.At))
}

func utc(t time.Time) string { return fmt.Sprint(t.UTC().Format("2006-01-02 15:04:05"), " UTC") }
