package authz_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/authz"
)

// lacks is what the reasons come to, in whatever order they stand: the grant that is nearest to the right.
func lacks(reasons []authz.Reason) authz.Lack {
	has := func(test func(authz.Reason) bool) bool { return slices.ContainsFunc(reasons, test) }
	switch {
	case len(reasons) == 0:
		return authz.NoGrant
	case has(func(r authz.Reason) bool { return r.Active && r.Allows && r.Covers }):
		return authz.Allowed
	case has(func(r authz.Reason) bool { return r.Allows && r.Covers }):
		return authz.NoPeriod
	case has(func(r authz.Reason) bool { return r.Allows }):
		return authz.NoRegion
	}
	return authz.NoRole
}

func TestWhatADecisionLacksHangsOnNoOrderOfTheGrants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reasons := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) authz.Reason {
			return authz.Reason{Active: rapid.Bool().Draw(t, "active"), Allows: rapid.Bool().Draw(t, "allows"),
				Covers: rapid.Bool().Draw(t, "covers")}
		}), 0, 4).Draw(t, "reasons")
		if got, want := (authz.Explanation{Reasons: reasons}).Lacks(), lacks(reasons); got != want {
			t.Errorf("%+v: %s, want %s", reasons, got, want)
		}
	})
}

// Nobody is given the role of an emergency; every other one can be given.
func TestEveryRoleButThatOfAnEmergencyCanBeGiven(t *testing.T) {
	t.Parallel()
	given := authz.Roles()
	for _, r := range authz.Role("").Values() {
		if slices.Contains(given, r) == (r == authz.Emergency) {
			t.Errorf("%s can be given: %t", r, slices.Contains(given, r))
		}
	}
	if len(given) != 7 {
		t.Errorf("%d roles", len(given))
	}
}

// The parts of a request have keys of their own, which no client can send; work that nobody repeats stays without one.
func TestThePartsOfARequestHaveTheirOwnKeys(t *testing.T) {
	t.Parallel()
	op := authz.Op{Request: authz.Request{Route: "r", Key: "k"}}
	keys := map[string]bool{op.Request.Key: true}
	for _, key := range []string{op.Part("a").Request.Key, op.Part("b").Request.Key,
		authz.Op{Request: authz.Request{Key: "l"}}.Part("a").Request.Key} {
		if keys[key] || !slices.Contains([]byte(key), ' ') {
			t.Errorf("key %q", key)
		}
		keys[key] = true
	}
	if again := op.Part("a").Request.Key; !keys[again] || op.Request.Key != "k" {
		t.Error("a part has another key each time, or changes the whole")
	}
	if got := (authz.Op{}).Part("a").Request.Key; got != "" {
		t.Errorf("a key for work that nobody repeats: %q", got)
	}
}
