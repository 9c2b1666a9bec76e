package export_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure/measuretest"
	"github.com/tanggap/tanggap/pkg/region"
)

func op(codes ...region.Code) authz.Op {
	return authz.Op{Actor: authz.OfficerID{6}, Scope: authz.ScopeOver(codes...)}
}

// What can pass is tried three times, what cannot fails at once and says why; ten starts that were cut off end it.
func TestWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	code := func(code string) error { return fault.New(fault.Unavailable, code) }
	torn := errors.New("torn")
	for name, c := range map[string]struct {
		broken  error
		attempt int
		failure string // "" is ready
		again   bool
	}{
		"nothing":                       {nil, 1, "", false},
		"nothing, at the tenth start":   {nil, 10, "", false},
		"nothing, at the eleventh":      {nil, 11, "export.interrupted", false},
		"a database away":               {code("database.unavailable"), 1, "", true},
		"a database away, once more":    {code("database.unavailable"), 2, "", true},
		"a database away three times":   {code("database.unavailable"), 3, "database.unavailable", false},
		"a slow database":               {code("database.slow"), 1, "", true},
		"somebody else at the same":     {code("request.concurrent"), 1, "", true},
		"a fault without a name":        {torn, 2, "", true},
		"one without a name, at last":   {torn, 3, "internal", false},
		"no room":                       {code("export.no_room"), 1, "export.no_room", false},
		"a full disk, as the code says": {code("database.full"), 1, "database.full", false},
		"what is not there":             {fault.New(fault.NotFound, "case.not_found"), 1, "case.not_found", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ordered(t, export.CSV, export.Sealed)
			w.x.Attempt, w.snap.broken = c.attempt, c.broken
			s := w.made(t)
			err := s.Run(t.Context(), w.x.ID)
			if c.again {
				if w.released != 1 || len(w.finished) != 0 || !errors.Is(err, c.broken) {
					t.Errorf("released %d times, %+v, %v", w.released, w.finished, err)
				}
			} else if w.released != 0 || len(w.finished) != 1 || w.finished[0].Failure != c.failure {
				t.Errorf("released %d times, %+v", w.released, w.finished)
			}
			if failed := err != nil; failed != (c.again || c.failure == "internal") {
				t.Errorf("got %v", err)
			}
			if left := leftIn(t, s); (len(left) == 1) != (c.failure == "" && !c.again) {
				t.Errorf("leaves %v", left)
			}
		})
	}
}

// A file is kept for as long as it was decided on the day of the order, in the west of Indonesia.
func TestHowLongAFileIsKept(t *testing.T) {
	t.Parallel()
	book := measuretest.Changed(t, calendar.MustDate("2027-01-01"), "export_hours", 48)
	for created, want := range map[string]time.Duration{
		"2026-12-31T16:59:59Z": 24 * time.Hour, "2026-12-31T17:00:00Z": 48 * time.Hour,
	} {
		w := ordered(t, export.CSV, export.Sealed)
		at, err := time.Parse(time.RFC3339, created)
		if err != nil {
			t.Fatal(err)
		}
		w.measures, w.x.CreatedAt = &book, at
		if err := w.made(t).Run(t.Context(), w.x.ID); err != nil || w.while != want {
			t.Errorf("ordered at %s: kept for %s, want %s, %v", created, w.while, want, err)
		}
	}
}

// A panic is one more failure, and its export does not seem to be under way for ever.
func TestAPanicIsAFailure(t *testing.T) {
	t.Parallel()
	w := ordered(t, export.CSV, export.Sealed)
	w.x.Attempt, w.snap.makes = export.MostAttempts, func() { panic("torn") }
	s := w.made(t)
	if err := s.Run(t.Context(), w.x.ID); err == nil || !strings.Contains(err.Error(), "panic: torn") {
		t.Errorf("got %v", err)
	}
	if len(w.finished) != 1 || w.finished[0].State != export.Failed || w.finished[0].Failure != "internal" ||
		len(leftIn(t, s)) != 0 {
		t.Errorf("finished %+v, leaves %v", w.finished, leftIn(t, s))
	}
}

// An attempt that is cut off by the end of the program is neither finished nor released: another one takes it up. One
// whose own time is over fails, and says so.
func TestAnAttemptThatIsCutOff(t *testing.T) {
	t.Parallel()
	w := ordered(t, export.CSV, export.Sealed)
	ctx, cancel := context.WithCancel(t.Context())
	w.snap.makes = cancel
	if err := w.made(t).Run(ctx, w.x.ID); !errors.Is(err, context.Canceled) || len(w.finished) != 0 || w.released != 0 {
		t.Errorf("got %v, %+v, released %d times", err, w.finished, w.released)
	}
	w = ordered(t, export.CSV, export.Sealed)
	ctx, cancel = context.WithTimeout(t.Context(), 1)
	defer cancel()
	<-ctx.Done()
	if err := w.made(t).Run(ctx, w.x.ID); err != nil || len(w.finished) != 1 ||
		w.finished[0].Failure != "export.too_slow" {
		t.Errorf("got %v, %+v", err, w.finished)
	}
	w = ordered(t, export.CSV, export.Sealed)
	w.starting = fault.New(fault.Conflict, "export.overtaken")
	if err := w.made(t).Run(t.Context(), w.x.ID); fault.CodeOf(err) != "export.overtaken" || len(w.finished) != 0 {
		t.Errorf("got %v, %+v", err, w.finished)
	}
}

// A file holds what was ordered as far as it is still theirs: a named region wholly, of everything what they kept.
func TestRightsWhenAnExportRuns(t *testing.T) {
	t.Parallel()
	unavailable := fault.New(fault.Unavailable, "database.unavailable")
	for name, c := range map[string]struct {
		asked  region.Code
		scope  []region.Code // that was ordered
		now    []region.Code
		rights error
		holds  []region.Code
		code   string
	}{
		"all of it": {"", []region.Code{"3204", "3273"}, []region.Code{"3204", "3273"}, nil,
			[]region.Code{"3204", "3273"}, ""},
		"more by now": {"", []region.Code{"3273"}, []region.Code{"32"}, nil, []region.Code{"3273"}, ""},
		"a part of it": {"", []region.Code{"3204", "3273"}, []region.Code{"3273"}, nil, []region.Code{"3273"},
			""},
		"a part of a province":   {"", []region.Code{"32"}, []region.Code{"3273"}, nil, []region.Code{"3273"}, ""},
		"a part of a named one":  {"32", []region.Code{"32"}, []region.Code{"3273"}, nil, nil, "export.right_lost"},
		"all of a named one":     {"32", []region.Code{"32"}, []region.Code{"32"}, nil, []region.Code{"32"}, ""},
		"the nation, of a named": {"32", []region.Code{"32"}, []region.Code{""}, nil, []region.Code{"32"}, ""},
		"nothing":                {"", []region.Code{"3273"}, []region.Code{"3204"}, nil, nil, "export.right_lost"},
		"no right": {"", []region.Code{"3273"}, nil, fault.New(fault.Forbidden, "authz.forbidden"), nil,
			"export.right_lost"},
		"no officer": {"", []region.Code{"3273"}, nil, fault.New(fault.NotFound, "officer.not_found"), nil,
			"export.right_lost"},
		"a database that is away": {"", []region.Code{"3273"}, nil, unavailable, nil, "database.unavailable"},
		"a forbidden one, with it": {"", []region.Code{"3273"}, []region.Code{"3273"}, fault.New(fault.Forbidden,
			"authz.forbidden"), nil, "export.right_lost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ordered(t, export.CSV, export.Sealed)
			w.x.Attempt = export.MostAttempts
			w.x.Asked.Region, w.x.Scope, w.scope, w.rights = c.asked, c.scope, authz.ScopeOver(c.now...), c.rights
			if err := w.made(t).Run(t.Context(), w.x.ID); err != nil || w.finished[0].Failure != c.code {
				t.Fatalf("got %v, %q", err, w.finished[0].Failure)
			}
			if c.code == "" && (!slices.Equal(w.finished[0].Scope, c.holds) || !slices.Equal(w.snap.scope.Regions(), c.holds)) {
				t.Errorf("holds %v of %v", w.finished[0].Scope, w.snap.scope.Regions())
			}
		})
	}
}

// An approval asks whether who ordered still has the right; a refusal asks nobody. Whose scope it is, the store tells.
func TestDecidingOnAnExport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		approve bool
		scope   region.Code
		state   export.State
		right   bool
		code    string
		to      export.State
	}{
		"approved":                      {true, "3273", export.Awaiting, true, "", export.Queued},
		"approved, from above":          {true, "", export.Awaiting, true, "", export.Queued},
		"approved, with the right lost": {true, "3273", export.Awaiting, false, "export.right_lost", ""},
		"refused":                       {false, "3273", export.Awaiting, true, "", export.Refused},
		"refused, with the right lost":  {false, "3273", export.Awaiting, false, "", export.Refused},
		"out of the scope":              {true, "3204", export.Awaiting, false, "", export.Queued},
		"decided before":                {true, "3273", export.Ready, false, "", export.Queued},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ordered(t, export.CSV, export.Full)
			if w.x.State = c.state; !c.right {
				w.scope = authz.Scope{}
			}
			_, err := w.made(t).Decide(t.Context(), op(c.scope), w.x.ID, c.approve)
			if fault.CodeOf(err) != c.code || (err == nil) != (c.code == "") || c.code == "" && !slices.Equal(w.moved,
				[]export.State{c.to}) ||
				c.code != "" && len(w.moved) != 0 {
				t.Errorf("got %v, moved to %v", err, w.moved)
			}
		})
	}
}

// Only who ordered fetches, only what is ready, only while all of it lies in the scope and in custody there.
func TestFetchingAnExport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		officer byte
		scope   region.Code
		state   export.State
		left    bool
		code    string
	}{
		"one's own":             {5, "3273", export.Ready, false, ""},
		"from above":            {5, "32", export.Ready, false, ""},
		"somebody else's":       {6, "3273", export.Ready, false, "export.not_found"},
		"of a region elsewhere": {5, "3204", export.Ready, false, "export.not_found"},
		"that has left":         {5, "3273", export.Ready, true, "export.left_custody"},
		"that awaits":           {5, "3273", export.Awaiting, false, "export.not_ready"},
		"that waits":            {5, "3273", export.Queued, false, "export.not_ready"},
		"that runs":             {5, "3273", export.Running, false, "export.not_ready"},
		"that failed":           {5, "3273", export.Failed, false, "export.not_ready"},
		"that is over":          {5, "3273", export.Expired, false, "export.not_ready"},
		"that was cancelled":    {5, "3273", export.Cancelled, false, "export.not_ready"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ordered(t, export.CSV, export.Sealed)
			s := w.made(t)
			w.file(t, s)
			w.x.State, w.left = c.state, c.left
			_, file, err := s.Fetch(t.Context(), authz.OfficerID{c.officer}, authz.ScopeOver(c.scope), w.x.ID)
			if fault.CodeOf(err) != c.code || (file != nil) != (c.code == "") {
				t.Errorf("got %v", err)
			}
			if file != nil {
				_ = file.Close()
			}
		})
	}
}

// A cancelled export and one whose time is over lose their files, and no other one does.
func TestFilesGoWithTheirExport(t *testing.T) {
	t.Parallel()
	w := ordered(t, export.CSV, export.Sealed)
	s := w.made(t)
	w.file(t, s)
	w.expired = []uuid.UUID{{8}}
	if err := s.Expire(t.Context()); err != nil || len(leftIn(t, s)) != 1 {
		t.Errorf("the end of another one: %v, leaves %v", err, leftIn(t, s))
	}
	w.expired = []uuid.UUID{w.x.ID}
	if err := s.Expire(t.Context()); err != nil || len(leftIn(t, s)) != 0 {
		t.Errorf("its end: %v, leaves %v", err, leftIn(t, s))
	}
	w.finished = nil
	w.file(t, s)
	if _, err := s.Cancel(t.Context(), op("3273"), w.x.ID); err != nil || len(leftIn(t, s)) != 0 ||
		w.moved[0] != export.Cancelled {
		t.Errorf("cancelled: %v, moved to %v, leaves %v", err, w.moved, leftIn(t, s))
	}
}

// A file that is whole only after its time is over goes, for the export has failed.
func TestAFileThatComesTooLateGoes(t *testing.T) {
	t.Parallel()
	w := ordered(t, export.CSV, export.Sealed)
	w.x.Attempt = export.MostAttempts
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	w.snap.makes = func() { <-ctx.Done() }
	s := w.made(t)
	if err := s.Run(ctx, w.x.ID); err != nil || len(w.finished) != 1 || w.finished[0].Failure != "export.too_slow" ||
		len(leftIn(t, s)) != 0 {
		t.Errorf("got %v, finished %+v, leaves %v", err, w.finished, leftIn(t, s))
	}
}

// A file has its name when it is whole, replaces earlier attempts, and is for its owner only.
func TestAFileIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	id := uuid.UUID{3}
	f := export.Folder{Path: filepath.Join(t.TempDir(), "exports")}
	write := func(attempt int, text string) *export.FileWriter {
		t.Helper()
		file, err := f.Create(id, attempt)
		if err == nil {
			_, err = file.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	first := write(1, "satu")
	if _, err := f.Open(id, 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what is being written is there: %v", err)
	}
	if size, _, err := first.Finish(); size != 4 || err != nil {
		t.Errorf("finished with %d bytes, %v", size, err)
	}
	first.Abandon() // after the end it does nothing
	info, err := os.Stat(filepath.Join(f.Path, id.String()+".1"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("it is %v, %v", info, err)
	}
	second := write(2, "dua")
	if _, err := f.Open(id, 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what an earlier attempt left is there: %v", err)
	}
	second.Abandon()
	if left, _ := os.ReadDir(f.Path); len(left) != 0 {
		t.Errorf("an abandoned one leaves %v", left)
	}
}

// A place without room is named; any other failure of a place stays what it is.
func TestAPlaceWithoutRoom(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := export.Folder{Path: filepath.Join(blocked, "exports")}.Create(uuid.UUID{3}, 1)
	if !errors.Is(err, syscall.ENOTDIR) || fault.CodeOf(err) != "" {
		t.Errorf("got %v", err)
	}
}
