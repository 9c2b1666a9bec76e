package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/ids"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/narrative"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/wording"
)

// rupiah are the fields that hold money, and places those that hold the code of a region.
var (
	rupiah = []string{"amount", "cost", "grant", "grants", "paid", "wage", "base_wage", "fixed_allowance", "unpaid_wages",
		"separation_pay", "claim_total", "total"}
	places = []string{"region", "office", "from_region", "to_region", "residence", "employer_region"}
	people = []string{"officer", "actor", "by", "decided_by", "requested_by", "approved_by", "reported_by", "made_by"}
)

// lists are the closed lists of fields whose schema does not name theirs.
var lists = map[string]string{"stage": "casework.stage", "claim": "casework.claim_state", "outcome": "casework.outcome",
	"queue": "track.queue", "due": "casework.due_bucket", "step": "termination.step", "by": "casework.likeness",
	"format": "export.format", "profile": "export.profile"}

// Label is what a field is called; one without a name is not for people.
func (v *visit) Label(name string) string {
	for _, list := range []string{"field.", "fact."} {
		if text, known := wording.Text(v.lang(), list+name); known {
			return text
		}
	}
	return ""
}

// dueFor says which deadline a case or a layoff has.
func (v *visit) dueFor(text string) string {
	if n, is := strings.CutPrefix(text, "month_"); is {
		return v.T("console.for_month", "n", n)
	}
	if text == "claim" {
		return v.T("console.for_claim")
	}
	return v.Code("termination.step", text)
}

// Code is what a value of a closed list is called.
func (v *visit) Code(list, value string) string {
	for _, l := range []string{list, rest.OtherValues} {
		if text, known := wording.Text(v.lang(), l+"."+value); known {
			return text
		}
	}
	return value
}

// Region is the name of a place; the nation has the empty code.
func (v *visit) Region(code string) string {
	if code == "" {
		return v.T("console.nation")
	}
	if v.Tree != nil {
		if place, known := v.Tree.Get(region.Code(code)); known {
			return place.Name
		}
	}
	return code
}

// Day is a date in words: "27 November 2026".
func (v *visit) Day(text string) string {
	d, err := calendar.ParseDate(text)
	if err != nil {
		return text
	}
	return narrative.Teller{Lang: v.lang()}.Day(d)
}

// Left says how far a day is from today.
func (v *visit) Left(text string) string {
	d, err := calendar.ParseDate(text)
	if err != nil {
		return ""
	}
	switch n := v.today().DaysUntil(d); {
	case n == 0:
		return v.T("console.today")
	case n == 1:
		return v.T("console.tomorrow")
	case n < 0:
		return v.T("console.days_over", "n", strconv.Itoa(-n))
	default:
		return v.T("console.days_left", "n", strconv.Itoa(n))
	}
}

// Over tells whether a day has passed.
func (v *visit) Over(text string) bool {
	d, err := calendar.ParseDate(text)
	return err == nil && d.Before(v.today())
}

// zone is that of the visitor's office.
func (v *visit) zone() calendar.Zone { return calendar.ZoneOf(string(v.actor.Office)) }

func (v *visit) today() calendar.Date { return calendar.Of(v.Edge.Clock.Now(), v.zone()) }

// Now is when the page was made.
func (v *visit) Now() string { return v.clockAt(v.Edge.Clock.Now()) }

func (v *visit) clockAt(at time.Time) string {
	return at.In(v.zone().Location()).Format("15.04") + " " + string(v.zone())
}

// moment is an instant in words.
func (v *visit) moment(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return v.Day(calendar.Of(at, v.zone()).String()) + ", " + v.clockAt(at)
}

// number groups the digits of a whole number: 4.217 in Indonesian.
func (v *visit) number(text string) string {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	grouped := strings.Replace(money.Rupiah(n).String(), "Rp", "", 1)
	if v.lang() == "en" {
		grouped = strings.ReplaceAll(grouped, ".", ",")
	}
	return grouped
}

// Value is a value of the API in words, by the name of its field and its schema; what says nothing to people is empty.
func (v *visit) Value(name string, s *huma.Schema, value any) string {
	switch value := value.(type) {
	case bool:
		return v.T(map[bool]string{true: "fact.yes", false: "fact.no"}[value])
	case json.Number:
		if slices.Contains(rupiah, name) {
			return "Rp" + v.number(value.String())
		}
		return v.number(value.String())
	case string:
		return v.word(name, s, value)
	case []any:
		var words []string
		for _, one := range value {
			var of *huma.Schema
			if s != nil {
				of = v.Edge.Resolve(s.Items)
			}
			if text, plain := one.(string); plain {
				words = append(words, v.word(name, of, text))
			}
		}
		return strings.Join(words, ", ")
	}
	return ""
}

func (v *visit) word(name string, s *huma.Schema, text string) string {
	switch list := lists[name]; {
	case slices.Contains(places, name):
		return v.Region(text)
	case list != "" && v.Code(list, text) != text:
		return v.Code(list, text)
	case name == "due_for":
		return v.dueFor(text)
	case s != nil && len(s.Enum) > 0:
		list, _ := s.Extensions[rest.ListKey].(string)
		return v.Code(list, text)
	case s != nil && s.Format == "date":
		return v.Day(text)
	case s != nil && s.Format == "date-time":
		return v.moment(text)
	}
	if _, is := ids.Parse(text); is {
		return v.nameOf(name, text)
	}
	return text
}

// nameOf is the name of an officer by their id; other ids say nothing to people.
func (v *visit) nameOf(field, id string) string {
	if !slices.Contains(people, field) {
		return ""
	}
	if v.names == nil {
		v.names = map[string]string{}
		var list struct {
			Items []struct{ ID, Name string }
		}
		if _, err := v.get("/v1/officers", map[string][]string{"limit": {"200"}}, &list); err == nil {
			for _, o := range list.Items {
				v.names[o.ID] = o.Name
			}
		}
	}
	return v.names[id]
}

// parseDay reads a day as people write it: 27/11/2026, 27-11-26, 2026-11-27, 27 nov 2026, "hari ini", "kemarin".
func (v *visit) parseDay(text string) string {
	plain := strings.ToLower(strings.TrimSpace(text))
	today := v.today()
	switch plain {
	case "hari ini", "today":
		return today.String()
	case "kemarin", "yesterday":
		return today.AddDays(-1).String()
	case "besok", "tomorrow":
		return today.AddDays(1).String()
	}
	parts := strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune("/-. ", r) })
	if len(parts) == 2 {
		parts = append(parts, strconv.Itoa(today.Year()))
	}
	if len(parts) != 3 || len(parts[0]) == 4 {
		return text
	}
	month := parts[1]
	for lang := range map[string]bool{"id": true, "en": true} {
		for i, name := range strings.Fields(wording.Message(lang, "sheet.months", nil)) {
			if len(month) >= 3 && strings.HasPrefix(strings.ToLower(name), month) {
				month = strconv.Itoa(i + 1)
			}
		}
	}
	day, err1 := strconv.Atoi(parts[0])
	m, err2 := strconv.Atoi(month)
	year, err3 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || err3 != nil || day > 31 || m > 12 {
		return text
	}
	if year < 100 {
		year += 2000
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, m, day)
}

// shortDay is a day as it is typed.
func shortDay(text string) string {
	if len(text) == 10 && text[4] == '-' {
		return text[8:] + "/" + text[5:7] + "/" + text[:4]
	}
	return text
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return nil
}

// objects are the objects of a list.
func objects(list any) []map[string]any {
	items, _ := list.([]any)
	var out []map[string]any
	for _, one := range items {
		if object, is := one.(map[string]any); is {
			out = append(out, object)
		}
	}
	return out
}
