package casework_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// kept is an answer that is kept in memory.
type kept struct {
	done  []casework.Done
	ended bool
}

func (k *kept) BeginMany(context.Context, authz.Op) ([]casework.Done, bool, error) {
	return k.done, k.ended, nil
}

func (k *kept) EndMany(_ context.Context, _ authz.Op, done *[]casework.Done) error {
	k.done, k.ended = *done, true
	return nil
}

func many(n int) (list []casework.Picked) {
	for range n {
		list = append(list, casework.Picked{Case: casework.ID(uuid.New()), Version: 1})
	}
	return list
}

// From one to five hundred cases, each once.
func TestHowManyCasesOneCallChanges(t *testing.T) {
	t.Parallel()
	twice := many(3)
	twice[2].Case = twice[0].Case
	for _, want := range []struct {
		picked      []casework.Picked
		code, field string
	}{
		{nil, "case.how_many", "cases"}, {many(1), "", ""}, {many(500), "", ""}, {many(501), "case.how_many", "cases"},
		{twice, "case.listed_twice", "cases[2].case"},
	} {
		changed := 0
		s := casework.New(casework.Deps{Many: &kept{}})
		done, err := s.ChangeMany(t.Context(), authz.Op{}, want.picked,
			func(context.Context, authz.Op, casework.Picked) (casework.State, error) {
				changed++
				return casework.State{Version: changed}, nil
			})
		refusal, _ := errors.AsType[*fault.Error](err)
		switch {
		case want.code == "" && (err != nil || len(done) != len(want.picked) || done[len(done)-1].Version != len(done)):
			t.Errorf("%d cases: %d, %v", len(want.picked), len(done), err)
		case want.code != "" && (refusal == nil || refusal.Code != want.code || refusal.Field != want.field || changed > 0):
			t.Errorf("%d cases: %v after %d", len(want.picked), err, changed)
		}
	}
}

// A refusal is an answer, and the next case comes; what would be answered otherwise a moment later ends the call, and
// no answer is kept.
func TestWhatEndsACallOfManyCases(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{fault.Malformed, fault.Unauthenticated, fault.Forbidden, fault.NotFound,
		fault.Conflict, fault.Stale, fault.TooLarge, fault.Unsupported, fault.Invalid, fault.PreconditionRequired,
		fault.TooMany, fault.Unavailable, ""} {
		answers := map[fault.Kind]bool{fault.Malformed: true, fault.Forbidden: true, fault.NotFound: true,
			fault.Conflict: true, fault.Stale: true, fault.Invalid: true}[kind]
		k, picked := &kept{}, many(2)
		var keys []string
		op := authz.Op{Request: authz.Request{Key: "k"}}
		done, err := casework.New(casework.Deps{Many: k}).ChangeMany(t.Context(), op, picked,
			func(_ context.Context, op authz.Op, p casework.Picked) (casework.State, error) {
				keys = append(keys, op.Request.Key)
				if p != picked[0] {
					return casework.State{Version: 7}, nil
				}
				if kind == "" {
					return casework.State{}, errors.New("x")
				}
				return casework.State{}, fault.New(kind, "x.y").Because(errors.New("for the log"))
			})
		if answers != (err == nil) || answers != k.ended {
			t.Errorf("%q: %v, kept %t", kind, err, k.ended)
			continue
		}
		if answers && (fmt.Sprintf("%d %s %v %d", len(done), done[0].Refusal.Code, done[0].Refusal.Err,
			done[1].Version) != "2 x.y <nil> 7" ||
			keys[0] == keys[1] || keys[0] == "k") {
			t.Errorf("%q: %+v under %q", kind, done, keys)
		}
	}
}
