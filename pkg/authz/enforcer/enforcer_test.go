package enforcer_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/authztest"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

func files(t testing.TB, policy string) fstest.MapFS {
	t.Helper()
	conf, err := policies.FS.ReadFile(enforcer.ModelFile)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{enforcer.ModelFile: {Data: conf}, enforcer.PolicyFile: {Data: []byte(policy)}}
}

func present(t testing.TB) string {
	t.Helper()
	text, err := policies.FS.ReadFile(enforcer.PolicyFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Without a policy nobody may do anything: not before the first load, and not after one that failed.
func TestNoPolicyAllowsNothing(t *testing.T) {
	t.Parallel()
	var e enforcer.Enforcer
	for name, fsys := range map[string]fs.FS{"no files": fstest.MapFS{}, "no policy": files(t, ""), "no model": fstest.MapFS{enforcer.PolicyFile: {}}} {
		if err := e.Reload(fsys); err == nil {
			t.Errorf("%s: loaded", name)
		}
		if loaded, err := enforcer.Load(fsys); err == nil || loaded != nil {
			t.Errorf("%s: started", name)
		}
	}
	for _, r := range authz.Roles() {
		for _, a := range authz.Actions() {
			if e.Allows(r, a) || e.Current().Allows(r, a) {
				t.Errorf("%s may %s", r, a)
			}
		}
	}
}

func TestAFailedReloadKeepsTheLastGoodPolicy(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	if err := e.Reload(files(t, "p,auditor,case.raed\n")); err == nil {
		t.Fatal("a wrong policy was loaded")
	}
	if !e.Allows(authz.Auditor, authz.CaseRead) || e.Allows(authz.Auditor, authz.CaseAdvance) {
		t.Fatal("the last good policy is gone")
	}
}

func TestWhatIsNoRoleOrActionIsRefused(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for _, name := range []string{"", "*", "officer", "caseworking", "NOBODY", "NOTHING", "supervisor ", "Supervisor", "supervisor,officer"} {
		for _, a := range authz.Actions() {
			if e.Allows(authz.Role(name), a) {
				t.Errorf("%q may %s", name, a)
			}
		}
		if e.Allows(authz.Supervisor, authz.Action(name)) {
			t.Errorf("a supervisor may %q", name)
		}
	}
}

// reloading swaps the policies in turn until stop is called.
func reloading(t *testing.T, e *enforcer.Enforcer, sources ...fs.FS) (stop func() int) {
	t.Helper()
	var over atomic.Bool
	var group sync.WaitGroup
	times := 0
	group.Go(func() {
		for !over.Load() {
			if err := e.Reload(sources[times%len(sources)]); err != nil {
				t.Error(err)
				return
			}
			times++
		}
	})
	return func() int {
		over.Store(true)
		group.Wait()
		return times
	}
}

// While the policy is loaded again over and over, a million decisions agree with the policy as a reader puts it together.
func TestDecisionsDuringReload(t *testing.T) {
	t.Parallel()
	e, want := loaded(t), written(present(t))
	roles := append(authz.Roles(), "", "officer", "root")
	actions := append(authz.Actions(), "", "case.*")
	expected := make([][]bool, len(roles))
	for i, r := range roles {
		expected[i] = make([]bool, len(actions))
		for j, a := range actions {
			expected[i][j] = want.Allows(r, a)
		}
	}
	stop := reloading(t, e, policies.FS)
	for range 1_000_000 {
		i, j := rand.IntN(len(roles)), rand.IntN(len(actions))
		if e.Allows(roles[i], actions[j]) != expected[i][j] {
			t.Errorf("%s %s was decided otherwise", roles[i], actions[j])
			break
		}
	}
	if stop() == 0 {
		t.Error("the policy was not loaded again")
	}
}

// Two policies that give one action to different roles: every decision is by one of them, for both roles and for none
// there is no policy.
func TestNoDecisionMixesPolicies(t *testing.T) {
	t.Parallel()
	ours, theirs := files(t, "p,case_worker,case.read\n"), files(t, "p,auditor,case.read\n")
	e, err := enforcer.Load(ours)
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.MustDate("2026-11-23").Time()
	grants := slices.Concat(authztest.Officer("a", authz.CaseWorker, "32", "34").Grants, authztest.Officer("a", authz.Auditor, "33", "35").Grants)
	one, other := []region.Code{"32", "34"}, []region.Code{"33", "35"}
	stop := reloading(t, e, theirs, ours)
	for range 200_000 {
		got := authz.ScopeOf(e, grants, authz.CaseRead, today).Regions()
		if !slices.Equal(got, one) && !slices.Equal(got, other) {
			t.Errorf("a decision gave %q", got)
			break
		}
	}
	stop()
}

// large is a policy of n lines that allow something, as many bundles as it takes.
func large(n int) string {
	var text strings.Builder
	actions := authz.Actions()
	for i := range n {
		bundle := "bundle_" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(i/len(actions)))
		if i%len(actions) == 0 {
			fmt.Fprintf(&text, "g,%s,%s\n", authz.Administrator, bundle)
		}
		fmt.Fprintf(&text, "p,%s,%s\n", bundle, actions[i%len(actions)])
	}
	return text.String()
}

func TestLargePoliciesLoad(t *testing.T) {
	t.Parallel()
	text := large(1000)
	e, err := enforcer.Load(files(t, text))
	if err != nil {
		t.Fatal(err)
	}
	want := written(text)
	for _, r := range authz.Roles() {
		for _, a := range authz.Actions() {
			if e.Allows(r, a) != want.Allows(r, a) {
				t.Errorf("%s %s: got %t", r, a, e.Allows(r, a))
			}
		}
	}
}

func BenchmarkAllows(b *testing.B) {
	e := loaded(b)
	for b.Loop() {
		e.Allows(authz.Supervisor, authz.CaseRead)
	}
}

func BenchmarkReload(b *testing.B) {
	e := loaded(b)
	for name, fsys := range map[string]fs.FS{"present": policies.FS, "10000": files(b, large(10_000))} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := e.Reload(fsys); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
