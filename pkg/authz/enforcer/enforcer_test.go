package enforcer_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
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

// Without a policy nobody may do anything, and with one that is not wholly right nothing starts.
func TestNoPolicyAllowsNothing(t *testing.T) {
	t.Parallel()
	var e enforcer.Enforcer
	for name, fsys := range map[string]fs.FS{
		"no files":       fstest.MapFS{},
		"no policy":      files(t, ""),
		"no model":       fstest.MapFS{enforcer.PolicyFile: {Data: []byte(present(t))}},
		"unknown action": files(t, present(t)+"p,auditor,case.raed\n"),
	} {
		if loaded, err := enforcer.Load(fsys); err == nil || loaded != nil {
			t.Errorf("%s: started", name)
		}
	}
	for _, r := range authz.Roles() {
		for _, a := range authz.Actions() {
			if e.Allows(r, a) {
				t.Errorf("%s may %s", r, a)
			}
		}
	}
}

func TestWhatIsNoRoleOrActionIsRefused(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for _, name := range []string{"", "*", "officer", "caseworking", "NOBODY", "NOTHING", "supervisor ", "Supervisor",
		"supervisor,officer"} {
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

// A million decisions, asked for by several at once, agree with the policy as a reader puts it together.
func TestAMillionDecisions(t *testing.T) {
	t.Parallel()
	const askers, each = 4, 250_000
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
	var group sync.WaitGroup
	for range askers {
		group.Go(func() {
			for range each {
				i, j := rand.IntN(len(roles)), rand.IntN(len(actions))
				if e.Allows(roles[i], actions[j]) != expected[i][j] {
					t.Errorf("%s %s was decided otherwise", roles[i], actions[j])
					return
				}
			}
		})
	}
	group.Wait()
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

func BenchmarkLoad(b *testing.B) {
	for name, fsys := range map[string]fs.FS{"present": policies.FS, "10000": files(b, large(10_000))} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := enforcer.Load(fsys); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
