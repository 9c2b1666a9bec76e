package enforcer_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
)

func TestMistakesInThePolicyAreRefused(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]string{
		"unknown action":       "p,auditor,case.raed\n",
		"unknown role":         "p,auditr,case.read\n",
		"short line":           "p,auditor\n",
		"long line":            "p,auditor,case.read,allow\n",
		"doubled line":         "p,auditor,case.read\np,auditor,case.read\n",
		"bundle of nobody":     "p,readers,case.read\n",
		"bundle of nothing":    "p,readers,case.read\ng,auditor,readers\ng,analyst,raeders\n",
		"unknown role of g":    "p,readers,case.read\ng,auditr,readers\n",
		"bundle within bundle": "p,readers,case.read\ng,auditor,readers\ng,readers,readers\n",
		"a role within a role": "p,auditor,case.read\ng,analyst,auditor\n",
		"an action as bundle":  "p,case.read,case.read\ng,auditor,case.read\n",
		"nothing":              "# empty\n",
		"no text":              "",
		"another letter":       "x,auditor,case.read\n",
		"a pattern":            "p,*,case.read\n",
		"a pattern of actions": "p,auditor,case.*\n",
		"no action":            "p,auditor,\n",
		"no role":              "p,,case.read\n",
		"no role of a bundle":  "p,readers,case.read\ng,,readers\n",
		"no bundle":            "p,auditor,case.read\ng,auditor,\n",
		"a blank inside":       "p, auditor,case.read\n",
		"a blank at the end":   "p,auditor,case.read \n",
		"a blank before":       " p,auditor,case.read\n",
		"a tab":                "p,auditor,\tcase.read\n",
		"a carriage return":    "p,auditor,case.read\r\n",
		"a byte order mark":    "\ufeffp,auditor,case.read\n",
		"a quote":              "p,\"auditor\",case.read\n",
		"a capital":            "p,Auditor,case.read\n",
		"a lookalike":          "p,\u0430uditor,case.read\n",
		"a line in a line":     "p,auditor,case.read\vp,auditor,case.open\n",
		"a comment behind":     "p,auditor,case.read # reads\n",
		"a comment indented":   "p,auditor,case.read\n # reads\n",
	} {
		if _, err := enforcer.Load(files(t, policy)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestCommentsAndEmptyLinesAreSkipped(t *testing.T) {
	t.Parallel()
	e, err := enforcer.Load(files(t, "# Who reads, and why\n\np,readers,case.read\n\n#\ng,auditor,readers"))
	if err != nil {
		t.Fatal(err)
	}
	if !e.Allows("auditor", "case.read") || e.Allows("analyst", "case.read") {
		t.Error("the policy was read otherwise")
	}
}

// A refusal names the line, so that whoever edits the file finds it.
func TestRefusalsNameTheLine(t *testing.T) {
	t.Parallel()
	_, err := enforcer.Load(files(t, "# one\np,auditor,case.read\np,auditor,case.raed\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("got %v", err)
	}
}

// Models that ask nothing of the policy would allow everything; the model that stands beside it is held to it too.
func TestModelsThatAskNothingAreRefused(t *testing.T) {
	t.Parallel()
	good := string(files(t, "")[enforcer.ModelFile].Data)
	_, matcher, _ := strings.Cut(good, "m = ")
	for name, conf := range map[string]string{
		"always":         strings.Replace(good, matcher, "true\n", 1),
		"any action":     strings.Replace(good, matcher, "g(r.sub, p.sub)\n", 1),
		"any subject":    strings.Replace(good, matcher, "r.act == p.act\n", 1),
		"unless refused": strings.Replace(good, "some(where (p.eft == allow))", "!some(where (p.eft == deny))", 1),
		"no matcher":     strings.Replace(good, "m = "+matcher, "", 1),
		"empty":          "",
	} {
		if conf == good {
			t.Fatalf("%s: the model was not changed", name)
		}
		fsys := fstest.MapFS{enforcer.ModelFile: {Data: []byte(conf)},
			enforcer.PolicyFile: {Data: []byte("p,auditor,case.read\n")}}
		if _, err := enforcer.Load(fsys); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// A policy that is damaged in one byte is refused, or still means what it says: it never allows more than its lines do.
func TestDamagedPoliciesAllowNoMore(t *testing.T) {
	t.Parallel()
	const policy = "p,readers,case.read\np,readers,case.list\np,auditor,history.export\ng,auditor,readers\ng,mediator,readers\n"
	rapid.Check(t, func(t *rapid.T) {
		damaged := []byte(policy)
		damaged[rapid.IntRange(0, len(damaged)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		text := string(damaged)
		conf := "[request_definition]\nr = sub, act\n[policy_definition]\np = sub, act\n[role_definition]\ng = _, _\n" +
			"[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = r.act == p.act && g(r.sub, p.sub)\n"
		e, err := enforcer.Load(fstest.MapFS{enforcer.ModelFile: {Data: []byte(conf)}, enforcer.PolicyFile: {Data: damaged}})
		if err != nil {
			return
		}
		want := written(text)
		for role := range want {
			for _, action := range []string{"case.read", "case.list", "history.export", "case.open", "grant.create"} {
				if e.Allows(role, authz.Action(action)) != want.Allows(role, authz.Action(action)) {
					t.Fatalf("%s %s was read otherwise in %q", role, action, text)
				}
			}
		}
	})
}
