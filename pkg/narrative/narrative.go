package narrative

import (
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Names are what others know of the ids in a payload. A function that is nil, or knows nothing, gives none.
type Names struct {
	Officer func(id string) string
	Region  func(code string) string
}

// Teller says things in one language.
type Teller struct {
	Lang  string // "id" or "en"
	Names Names
}

// Fact is one thing that an entry states.
type Fact struct{ What, Value string }

// Story is an entry in words.
type Story struct {
	Title string
	Facts []Fact
}

// Known tells whether a kind of entries has words of its own.
func Known(kind string) bool {
	_, known := wording.Text("en", "history."+kind)
	return known
}

// Tell words an entry by its kind and its payload as stored. What is sealed in it, ids that name nothing to a reader,
// and values that nobody stated are left out.
func (t Teller) Tell(kind, payload string) Story {
	s := Story{Title: t.Title(kind)}
	e := casework.Entry{Payload: payload}
	var read telling
	read.Teller, read.kind = t, kind
	read.object([]byte(e.Shown()))
	s.Facts = read.facts
	return s
}

// Title is what a kind of entries is called; one of a later release has only its code.
func (t Teller) Title(kind string) string {
	if !Known(kind) {
		return t.say("unknown_entry")
	}
	text, _ := wording.Text(t.Lang, "history."+kind)
	return text
}

// Text is the story in one line.
func (s Story) Text() string {
	if len(s.Facts) == 0 {
		return s.Title + "."
	}
	parts := make([]string, len(s.Facts))
	for i, f := range s.Facts {
		parts[i] = f.What + ": " + f.Value
	}
	return s.Title + ". " + strings.Join(parts, "; ") + "."
}

// Day is "20 Mei 2027"; no day is no text.
func (t Teller) Day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	names := strings.Fields(wording.Message(t.Lang, "sheet.months", nil))
	return strconv.Itoa(d.Day()) + " " + names[d.Month()-1] + " " + strconv.Itoa(d.Year())
}

func (t Teller) say(code string) string { return wording.Message(t.Lang, "fact."+code, nil) }

func (t Teller) officer(id string) string {
	if t.Names.Officer != nil {
		if name := t.Names.Officer(id); name != "" {
			return name
		}
	}
	return t.say("unnamed_officer")
}

func (t Teller) region(code string) string {
	if t.Names.Region != nil {
		if name := t.Names.Region(code); name != "" {
			return name
		}
	}
	return code
}
