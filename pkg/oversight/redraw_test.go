package oversight_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/region"
)

// drawn keeps one sample and the frame that is there now, and remembers in which regions it was looked for.
type drawn struct {
	oversight.Store
	sample oversight.Sample
	now    []uuid.UUID
	looked []region.Code
	asOf   int64
}

func (d *drawn) Frame(_ context.Context, scope authz.Scope, _ oversight.SampleRequest,
	asOf int64) ([]uuid.UUID, error) {
	d.looked, d.asOf = scope.Regions(), asOf
	return d.now, nil
}

func (d *drawn) CreateSample(_ context.Context, _ authz.Op, s oversight.Sample) (oversight.Sample, error) {
	d.sample = s
	return s, nil
}

func (d *drawn) GetSample(context.Context, authz.OfficerID, uuid.UUID) (oversight.Sample, error) {
	return d.sample,
		nil
}

// A sample is the same when both its frame and its cases are. Either alone proves nothing: another frame may give the
// same cases by chance, and cases that were changed in the record leave the digest as it was.
func TestASampleDrawnAgain(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate("2026-11-23")
	asked := oversight.SampleRequest{From: day, Until: day, Size: 2, Seed: "benih", Region: "3273"}
	for name, c := range map[string]struct {
		change func(*drawn)
		scope  region.Code
		same   bool
		code   string
	}{
		"nothing has changed":       {func(*drawn) {}, "3273", true, ""},
		"from a wider scope":        {func(*drawn) {}, "", true, ""},
		"from a scope that shrank":  {func(*drawn) {}, "3204", false, "finding.not_found"},
		"a case has gone":           {func(d *drawn) { d.now = d.now[:5] }, "3273", false, ""},
		"the cases are others":      {func(d *drawn) { d.sample.Cases = d.sample.Cases[:1] }, "3273", false, ""},
		"the digest is another one": {func(d *drawn) { d.sample.FrameDigest[0]++ }, "3273", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &drawn{now: frame()}
			s := oversight.Service{Store: d, LogSize: func(context.Context) (int64, error) { return 7, nil }}
			if _, err := s.Draw(t.Context(), authz.Op{Scope: authz.ScopeOver("32")}, asked); err != nil {
				t.Fatal(err)
			}
			if d.sample.FrameSize != 6 || len(d.sample.Cases) != 2 || d.sample.AsOf != 7 || len(d.sample.Scope) != 1 ||
				d.sample.Scope[0] != "3273" {
				t.Errorf("drawn %+v", d.sample)
			}
			d.looked, d.asOf = nil, 0
			c.change(d)
			_, same, err := s.Redraw(t.Context(), authz.OfficerID{}, authz.ScopeOver(c.scope), uuid.Nil)
			if fault.CodeOf(err) != c.code || same != c.same {
				t.Errorf("the same: %t, %v", same, err)
			}
			if c.code == "" && (d.asOf != 7 || len(d.looked) != 1 || d.looked[0] != "3273") {
				t.Errorf("looked in %v as of %d", d.looked, d.asOf)
			}
		})
	}
}

// findings keeps what was found; a sample is there for its own officer alone.
type findings struct {
	oversight.Store
	owner authz.OfficerID
	made  []oversight.Finding
}

func (f *findings) GetSample(_ context.Context, officer authz.OfficerID, _ uuid.UUID) (oversight.Sample, error) {
	if officer != f.owner {
		return oversight.Sample{}, oversight.NotFound()
	}
	return oversight.Sample{}, nil
}

func (f *findings) CreateFinding(_ context.Context, _ authz.Op, x oversight.Finding) (oversight.Finding, error) {
	f.made = append(f.made, x)
	return x, nil
}

// A finding names a sample of the auditor's own, or none.
func TestTheSampleThatAFindingNames(t *testing.T) {
	t.Parallel()
	me, sample := authz.OfficerID{1}, uuid.UUID{7}
	for name, c := range map[string]struct {
		owner  authz.OfficerID
		sample uuid.UUID
		text   string
		code   string
		field  string
	}{
		"of my own":         {me, sample, "x", "", ""},
		"of somebody else":  {authz.OfficerID{2}, sample, "x", "finding.not_found", "sample"},
		"none":              {authz.OfficerID{2}, uuid.Nil, "x", "", ""},
		"without any words": {me, sample, " ", "finding.text_missing", "text"},
	} {
		kept := &findings{owner: c.owner}
		_, err := (&oversight.Service{Store: kept}).Find(t.Context(), authz.Op{Actor: me},
			oversight.Finding{Sample: c.sample, Text: identity.NewSecret(c.text)})
		field := ""
		if f, is := errors.AsType[*fault.Error](err); is {
			field = f.Field
		}
		if fault.CodeOf(err) != c.code || field != c.field || (len(kept.made) == 1) != (c.code == "") {
			t.Errorf("%s: %v at %q, kept %d", name, err, field, len(kept.made))
		}
	}
}
