// Package measuretest gives tests the measures of our own, as they are decided or with one that changes on a day.
package measuretest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/policies"
)

// Decided are the measures as they are.
func Decided(t testing.TB) measure.Book {
	t.Helper()
	book, err := measure.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// Changed are the measures as they are until the day before, and with another value of one of them from a day on.
func Changed(t testing.TB, from calendar.Date, figure string, value int) measure.Book {
	t.Helper()
	data, err := policies.FS.ReadFile(measure.Folder + "/2021.yaml")
	if err != nil {
		t.Fatal(err)
	}
	begin := regexp.MustCompile(`(?m)^valid_from: .*$`)
	named := regexp.MustCompile(`(?m)^` + figure + `:\n  value: .*$`)
	if !named.Match(data) {
		t.Fatalf("there is no measure %s", figure)
	}
	before := begin.ReplaceAllString(string(data), "$0\nvalid_until: "+from.String())
	after := begin.ReplaceAllString(strings.Replace(string(data), "id: measures-", "id: later-", 1), "valid_from: "+
		from.String())
	after = named.ReplaceAllString(after, fmt.Sprintf("%s:\n  value: %d", figure, value))
	book, err := measure.Load(fstest.MapFS{measure.Folder + "/a.yaml": {Data: []byte(before)},
		measure.Folder + "/b.yaml": {Data: []byte(after)}})
	if err != nil {
		t.Fatal(err)
	}
	return book
}
