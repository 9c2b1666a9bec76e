package oversight_test

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/oversight"
)

// frame is the ids 1 to 6.
func frame() (ids []uuid.UUID) {
	for n := range byte(6) {
		ids = append(ids, uuid.UUID{15: n + 1})
	}
	return ids
}

func last(ids []uuid.UUID) (numbers []byte) {
	for _, id := range ids {
		numbers = append(numbers, id[15])
	}
	return numbers
}

// The orders were drawn by hand:
//
//	for n in 1 2 3 4 5 6; do (printf benih; printf %032x $n | xxd -r -p) | sha256sum; done | cat -n | sort -k 2
func TestASampleIsWhatAnybodyDrawsByHand(t *testing.T) {
	t.Parallel()
	for seed, order := range map[string][]byte{"benih": {2, 4, 6, 1, 5, 3}, "lain": {6, 4, 1, 5, 2, 3}} {
		for size := range 9 {
			cases, digest := oversight.Draw(frame(), seed, size)
			if want := order[:min(size, 6)]; !slices.Equal(last(cases), want) {
				t.Errorf("%d by %q: got %v, want %v", size, seed, last(cases), want)
			}
			if hex.EncodeToString(digest[:]) != "4ec23a7da0ba445154ba12cda14877e91aab9b2c549aa4935e5103cb04a5c3f8" {
				t.Errorf("%d by %q: the digest of the frame is %x", size, seed, digest)
			}
		}
	}
}

// Drawing leaves the frame as it was, and another frame has another digest.
func TestTheDigestIsThatOfTheFrame(t *testing.T) {
	t.Parallel()
	whole := frame()
	_, digest := oversight.Draw(whole, "benih", 3)
	if !slices.Equal(whole, frame()) {
		t.Error("the frame was put in another order")
	}
	turned := frame()
	slices.Reverse(turned)
	for _, other := range [][]uuid.UUID{whole[1:], whole[:5], turned, nil} {
		if _, got := oversight.Draw(other, "benih", 3); got == digest {
			t.Errorf("the frame %v passes for the whole", last(other))
		}
	}
}

// untouched is a store that must not be asked.
type untouched struct{ oversight.Store }

func TestAPeriodThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	s := oversight.Service{Store: untouched{}, LogSize: func(context.Context) (int64, error) {
		return 0,
			errors.New("asked")
	}}
	day := calendar.MustDate("2026-11-23")
	for name, a := range map[string]oversight.SampleRequest{
		"no first day":                  {Until: day},
		"no last day":                   {From: day},
		"neither":                       {},
		"the last day before the first": {From: day, Until: day.AddDays(-1)},
	} {
		a.Size, a.Seed = 1, "benih"
		if _, err := s.Draw(t.Context(), authz.Op{}, a); fault.CodeOf(err) != "sample.period" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := s.Draw(t.Context(), authz.Op{}, oversight.SampleRequest{From: day, Until: day, Size: 1, Seed: "benih"})
	if err == nil || fault.CodeOf(err) != "" {
		t.Errorf("a period of one day: got %v", err)
	}
}

func TestAFindingSaysSomething(t *testing.T) {
	t.Parallel()
	s := oversight.Service{Store: untouched{}}
	for _, text := range []string{"", " ", "\n\t "} {
		_, err := s.Find(t.Context(), authz.Op{}, oversight.Finding{Text: identity.NewSecret(text)})
		if fault.CodeOf(err) != "finding.text_missing" {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
