package rest

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Indonesian is the language unless English is asked for first.
func TestTheLanguageOfAnAnswer(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "id", "id": "id", "en": "en", "en-GB": "en", "id-ID,en;q=0.5": "id", "en,id;q=0.5": "en",
		"id;q=0.1,en;q=0.9": "en",
		"fr":                "id", "de,en;q=0.3": "en", "*": "id", "en;q=x": "id", strings.Repeat("en,", 66) + "en": "en",
		strings.Repeat("en,", 66) + "en-": "id", strings.Repeat("en,", 67): "id",
	} {
		if got := matchLanguage(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
	if len(strings.Repeat("en,", 66)+"en") != 200 {
		t.Error("the longest header has not 200 letters")
	}
}

// A text has its values; one that is not known is left open, and an end without a next step says so.
func TestHowACodeIsWorded(t *testing.T) {
	t.Parallel()
	if got := message("en", "no.such.code", nil); got != "no.such.code" {
		t.Errorf("got %q", got)
	}
	if got := message("en", "session.wait", map[string]string{"seconds": "7"}); !strings.Contains(got, "7") ||
		strings.Contains(got, "{") {
		t.Errorf("got %q", got)
	}
	if got := message("en", "session.wait", nil); !strings.Contains(got, "…") || strings.Contains(got, "{") {
		t.Errorf("got %q", got)
	}
	final := message("id", "case.transition_refused", map[string]string{"from": "x", "allowed": ""})
	if final != message("id", "transition_refused.final", map[string]string{"from": "x"}) ||
		final == message("id", "case.transition_refused", map[string]string{"from": "x", "allowed": "y"}) {
		t.Errorf("got %q", final)
	}
}

// The limits are those of the policy.
func TestLimitsAreThoseOfThePolicy(t *testing.T) {
	t.Parallel()
	want := Limits{Anonymous: 256, Officer: Share{Requests: 32, Uploads: 4, Streams: 20, Files: 240},
		Address: Share{Requests: 1024, Uploads: 32, Streams: 512, Files: 6000}}
	e := New(Deps{Clock: clock.At(time.Unix(0, 0))})
	if e.Limits != want {
		t.Errorf("got %+v", e.Limits)
	}
	if e.Times != (Times{Work: 4500 * time.Millisecond, Body: 5 * time.Second, Write: 10 * time.Second, Pace: 32 * 1024}) {
		t.Errorf("got %+v", e.Times)
	}
	if given := New(Deps{Limits: Limits{Anonymous: 1}, Times: Times{Work: 1}}); given.Limits.Anonymous != 1 ||
		given.Times.Work != 1 {
		t.Error("limits that are given are not taken")
	}
}

// A filter that is named has a value; the cursor of the first page has none.
func TestParametersWithoutAValue(t *testing.T) {
	t.Parallel()
	for query, code := range map[string]string{
		"": "", "cursor=": "", "stage=intake": "", "stage=": "input.empty", "stage": "input.empty",
		"stage=a%0Ab": "input.characters",
		"cursor=%00":  "input.characters", "cursor=x&officer=": "input.empty",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := errors.AsType[*fault.Error](checkQuery(values))
		if (f != nil) != (code != "") || f != nil && f.Fields[0].Code != code {
			t.Errorf("%q: %+v", query, f)
		}
	}
}

// What chooses the rows of a list is its path and all of its query but the place on it, in whatever order.
func TestWhatBindsACursor(t *testing.T) {
	t.Parallel()
	of := func(text string) string {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return chosen(*u)
	}
	whole := of("/v1/cases?stage=intake&officer=me")
	for _, same := range []string{"/v1/cases?officer=me&stage=intake",
		"/v1/cases?stage=intake&officer=me&limit=9&cursor=x"} {
		if of(same) != whole {
			t.Errorf("%s is another list", same)
		}
	}
	for _, other := range []string{"/v1/cases", "/v1/cases?stage=intake", "/v1/vacancies?stage=intake&officer=me",
		"/v1/cases?stage=intake&officer=me&overdue=true", "/v1/cases?stage=training&officer=me"} {
		if of(other) == whole {
			t.Errorf("%s is the same list", other)
		}
	}
}
