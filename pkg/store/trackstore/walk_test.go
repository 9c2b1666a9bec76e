package trackstore_test

import (
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

const walkSteps = 40

// walks is how many walks are taken: few within the tests of every day, as many as TANGGAP_WALKS says (1000 for the
// full run), whose seeds follow one another from TANGGAP_WALK_SEED on.
func walks(t *testing.T) (n int, seed uint64) {
	t.Helper()
	n, seed = 6, 1
	if text := os.Getenv("TANGGAP_WALKS"); text != "" {
		count, err := strconv.Atoi(text)
		storetest.OK(t, err)
		n = count
	}
	if text := os.Getenv("TANGGAP_WALK_SEED"); text != "" {
		first, err := strconv.ParseUint(text, 10, 64)
		storetest.OK(t, err)
		seed = first
	}
	return n, seed
}

// walk is one case on which things happen at random.
type walk struct {
	*voiding
	admin  *pgx.Conn
	chance *mathrand.Rand
	acts   map[string]func() error
	names  []string
}

// Whatever happens to a case, in whatever order: nothing is a fault of the program, what follows is what Derive makes
// of the facts, what is voided directly after was never, the histories verify, every row is what the entries say, and
// the counts are those of the lists.
func TestWalks(t *testing.T) {
	t.Parallel()
	n, seed := walks(t)
	v := newVoiding(t, 0)
	admin := v.Database.Admin(t)
	for i := range n {
		v.id = v.OpenCase(t, "3273", i+2).ID
		w := newWalk(t, v, admin, seed+uint64(i))
		for step := range walkSteps {
			w.step(t, fmt.Sprintf("seed %d, step %d", seed+uint64(i), step))
			if t.Failed() {
				t.FailNow()
			}
		}
		if i%50 == 49 || i == n-1 {
			w.proved(t)
		}
	}
}

func newWalk(t *testing.T, v *voiding, admin *pgx.Conn, seed uint64) *walk {
	t.Helper()
	w := &walk{voiding: v, admin: admin, chance: mathrand.New(mathrand.NewPCG(seed, 40)), acts: v.steps(t)}
	maps.Copy(w.acts, w.more(t))
	w.names = slices.Sorted(maps.Keys(w.acts))
	storetest.OK(t, w.acts["01 note"]()) // which puts the deadline that the opening of the fixture left out
	return w
}

// tasks is what has to be done for the case, by a connection that stays.
func (w *walk) tasks(t *testing.T) (n int) {
	t.Helper()
	storetest.OK(t, w.admin.QueryRow(t.Context(), "select count(*) from task where case_id = $1",
		uuid.UUID(w.id)).Scan(&n))
	return n
}

func (w *walk) snapshot(t *testing.T) []any {
	t.Helper()
	c, f := w.now(t)
	return []any{c, f, w.tasks(t)}
}

func pick[T any](w *walk, of ...T) T { return of[w.chance.IntN(len(of))] }

// more are acts beside the steps that are all taken once.
func (w *walk) more(t *testing.T) map[string]func() error {
	t.Helper()
	ctx, to, today := t.Context(), w.to(w.Officer), w.cases.Today("3273")
	state := func(_ casework.State, err error) error { return err }
	stages := []casework.Stage{casework.Intake, casework.Benefit, casework.Training, casework.Placement}
	outcomes := []casework.Outcome{casework.Placed, casework.SelfEmployed, casework.Withdrawn, casework.Deceased}
	correct := func(edit func(*casework.Case, *casework.Person) error) error {
		return state(w.cases.Correct(ctx, to.Op, w.id, w.newest(t), casework.Correction{Reason: "salah ketik", Edit: edit}))
	}
	return map[string]func() error{
		"advance": func() error {
			return state(w.cases.Advance(ctx, to.Op, w.id, w.newest(t), casework.Advance{To: pick(w, stages...)}))
		},
		"close": func() error {
			return state(w.tracks.Close(ctx, to, track.Closing{EndOpenParts: w.chance.IntN(2) == 0,
				Advance: casework.Advance{To: casework.Closed, Outcome: pick(w, outcomes...), Reason: "selesai"}}))
		},
		"stop": func() error {
			return state(w.tracks.StopClaim(ctx, to, pick(w, track.StopJob, track.StopDeath), today))
		},
		"correct the day": func() error {
			return correct(func(c *casework.Case, _ *casework.Person) error {
				c.TerminatedOn = today.AddDays(-1 - w.chance.IntN(200))
				return nil
			})
		},
		"correct the worker": func() error {
			return correct(func(_ *casework.Case, p *casework.Person) error {
				p.Position, p.Wage = pick(w, "las", "jahit", "supir"), identity.NewWage(money.Rupiah(1+w.chance.IntN(9)*1_000_000))
				return nil
			})
		},
		"void any": func() error { return w.void(t, pick(w, w.Officer, w.other), 1+w.chance.IntN(w.newest(t)), true) },
		"ask":      func() error { return w.void(t, w.Officer, 1+w.chance.IntN(w.newest(t)), false) },
		"placement elsewhere": func() error {
			return state(track.Placements.Record(ctx, w.tracks, to, track.Placement{Employer: "PT B", Position: "las",
				StartedOn: today.AddDays(-w.chance.IntN(60))}))
		},
		"placement ended": func() error {
			_, f := w.now(t)
			id := lastOf(f.Placements, func(p track.Placement) uuid.UUID { return p.ID })
			return state(track.Placements.Advance(ctx, w.tracks, to, track.Step[track.PlacementState, track.None]{ID: id,
				To: track.Ended}))
		},
	}
}

// step does something, and every other time takes it back at once.
func (w *walk) step(t *testing.T, where string) {
	t.Helper()
	name := w.names[w.chance.IntN(len(w.names))]
	before, seq := w.snapshot(t), w.newest(t)
	err := w.acts[name]()
	where += ", " + name
	w.sound(t, where, err)
	w.derived(t, where)
	if err == nil && w.newest(t) == seq+1 && w.chance.IntN(2) == 0 {
		err := w.void(t, w.Officer, seq+1, true)
		w.sound(t, where+", void", err)
		w.derived(t, where+", void")
		_, entries, readErr := w.Get(t.Context(), storetest.In("3273"), w.id)
		storetest.OK(t, readErr)
		if is := w.snapshot(t); err == nil && entries[seq].VoidedBy != 0 && !reflect.DeepEqual(before, is) {
			t.Errorf("%s: after the void\n got %+v\nwant %+v", where, is, before)
		}
	}
}

// sound refuses whatever is not a refusal of a rule.
func (w *walk) sound(t *testing.T, where string, err error) {
	t.Helper()
	if err != nil && (!fault.KindOf(err).Valid() || fault.KindOf(err) == fault.Unavailable) {
		t.Errorf("%s: %v", where, err)
	}
}

// derived holds what is kept against what follows from its facts.
func (w *walk) derived(t *testing.T, where string) {
	t.Helper()
	c, f := w.now(t)
	kept, parts := c, f.Clone()
	f = f.Clone()
	track.Derive(&c, &f, w.tracks.Rules)
	if !reflect.DeepEqual(kept, c) || !reflect.DeepEqual(parts, f) {
		t.Errorf("%s: derived is\n%+v %+v\nkept is\n%+v %+v", where, c, f, kept, parts)
	}
	if kept, now := w.tasks(t), len(f.Tasks(w.tracks.Measures)); kept != now {
		t.Errorf("%s: %d tasks are kept, %d follow", where, kept, now)
	}
}

// proved holds histories, rows and counts of everything against each other.
func (w *walk) proved(t *testing.T) {
	t.Helper()
	_, err := w.Seal(t.Context())
	storetest.OK(t, err)
	_, found, err := w.Verify(t.Context(), audit.Published{}, nil)
	storetest.OK(t, err)
	if found != nil {
		t.Errorf("a history: %+v", found)
	}
	r, err := w.VerifyState(t.Context(), nil)
	storetest.OK(t, err)
	for _, d := range r.Differs {
		t.Errorf("rows of %s at entry %d: %v", d.Of, d.Seq, d.Parts)
	}
	counts, err := w.cases.Count(t.Context(), authz.Everywhere(), casework.Filter{})
	storetest.OK(t, err)
	listed := map[casework.Stage]int{}
	code := region.Code("3273")
	for f := (casework.Filter{Region: &code, Limit: 200}); ; {
		rows, err := w.cases.List(t.Context(), authz.Everywhere(), f)
		storetest.OK(t, err)
		for _, row := range rows {
			listed[row.Stage]++
		}
		if len(rows) < f.Limit {
			break
		}
		f.After = rows[len(rows)-1].ID
	}
	maps.DeleteFunc(counts, func(_ casework.Stage, n int) bool { return n == 0 })
	if !maps.Equal(counts, listed) {
		t.Errorf("counted are %v, listed %v", counts, listed)
	}
}
