package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/track"
)

type labelled map[string]map[string]struct{ ID, EN string }

func labels(t *testing.T, o *apitest.Officer) labelled {
	t.Helper()
	var got struct {
		Items []struct {
			List   string
			Labels []struct{ Code, ID, EN string }
		}
	}
	a := o.Call(t, http.MethodGet, "/v1/labels", nil)
	if a.JSON(t, &got); a.Status != http.StatusOK || a.Header.Get("ETag") == "" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	out := labelled{}
	for _, l := range got.Items {
		out[l.List] = map[string]struct{ ID, EN string }{}
		for _, v := range l.Labels {
			out[l.List][v.Code] = struct{ ID, EN string }{v.ID, v.EN}
		}
	}
	return out
}

// enums are the values of every closed list in a description, by the list that they say they are of.
func enums(node any, found func(list, value string)) {
	switch n := node.(type) {
	case map[string]any:
		list, _ := n["x-list"].(string)
		if list == "" {
			list = "value"
		}
		if values, is := n["enum"].([]any); is {
			for _, v := range values {
				if text, is := v.(string); is && text != "" {
					found(list, text)
				}
			}
		}
		for _, child := range n {
			enums(child, found)
		}
	case []any:
		for _, child := range n {
			enums(child, found)
		}
	}
}

// Every value of every closed list of the description, and every kind of history entry, is called something in both
// languages, found under the name that its schema gives.
func TestEveryCodeOfTheAPIHasALabelInBothLanguages(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Analyst, "3273")
	got := labels(t, o)
	var spec any
	if err := yaml.Unmarshal(fetch(t, "/openapi.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	count := 0
	enums(spec, func(list, value string) {
		count++
		label := got[list][value]
		for lang, text := range map[string]string{"id": label.ID, "en": label.EN} {
			if text == "" || text == value || strings.Contains(text, "_") {
				t.Errorf("%s: %s of %s is called %q", lang, value, list, text)
			}
		}
	})
	if count < 300 {
		t.Fatalf("only %d values were found: the search is broken", count)
	}
	for _, k := range track.Kinds() {
		if a := k.About(); a.Made != "" && got["history"][string(a.Made)].ID == "" {
			t.Errorf("an entry %s has no label", a.Made)
		}
	}
	if got["history"]["case.opened"].EN != "Case opened" || got["casework.stage"]["closed"].ID != "Ditutup" {
		t.Errorf("got %v", got["history"]["case.opened"])
	}
}

// Labels are the same for as long as the program is: who has them is told so.
func TestLabelsAreFetchedOnce(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.CaseWorker, "3273")
	first := o.Call(t, http.MethodGet, "/v1/labels", nil)
	if again := o.Call(t, http.MethodGet, "/v1/labels", nil, "If-None-Match",
		first.Header.Get("ETag")); again.Status != http.StatusNotModified {
		t.Errorf("%d", again.Status)
	}
}

// A history says in the reader's language what happened, and to whom a case was given by name.
func TestAHistoryIsToldInWords(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti Rahasia")
	o.Change(t, &c, "/assignment", map[string]any{"officer": other.ID.String()})
	o.Change(t, &c, "/notes", map[string]any{"text": "RAHASIA"})
	for lang, want := range map[string][]string{
		"id": {"Kasus dibuka", "Petugas kasus ditetapkan", "Catatan ditambahkan"},
		"en": {"Case opened", "Officer put in charge", "Note added"}} {
		for _, path := range []string{"/history", ""} {
			var got struct{ Items, History []struct{ Kind, Text string } }
			a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+path, nil, "Accept-Language", lang)
			a.JSON(t, &got)
			entries := slices.Concat(got.Items, got.History)
			if len(entries) != len(want) {
				t.Fatalf("%s %q: %s", lang, path, a.Body)
			}
			for i, e := range entries {
				if !strings.HasPrefix(e.Text, want[i]) || strings.Contains(e.Text, "RAHASIA") ||
					strings.Contains(e.Text, other.ID.String()) {
					t.Errorf("%s: %s is told as %q", lang, e.Kind, e.Text)
				}
			}
			if !strings.Contains(entries[1].Text, "Petugas case_worker") {
				t.Errorf("%s: to whom is not said: %q", lang, entries[1].Text)
			}
		}
	}
}
