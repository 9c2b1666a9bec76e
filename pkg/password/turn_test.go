package password

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// fresh is an empty pair of lines before places of their own: the program's are shared by all tests.
func fresh() (known, strangers *line, turn chan struct{}) {
	turn = make(chan struct{}, places)
	return &line{turn: turn}, &line{turn: turn, narrow: make(chan struct{}, 1)}, turn
}

// await returns when so many wait in a line.
func await(t *testing.T, l *line, n int32) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for l.waiting.Load() < n {
		select {
		case <-deadline:
			t.Fatalf("%d wait", l.waiting.Load())
		default:
			runtime.Gosched()
		}
	}
}

// However many strangers wait, they hold one place, and the other one is free for whoever is known.
func TestStrangersHoldOnePlace(t *testing.T) {
	t.Parallel()
	known, strangers, turn := fresh()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	leave, err := strangers.enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	for range 10 {
		waiting.Go(func() {
			if leave, err := strangers.enter(ctx); err == nil {
				leave()
			}
		})
	}
	await(t, strangers, 10)
	if len(turn) != 1 {
		t.Errorf("strangers hold %d places", len(turn))
	}
	through, err := known.enter(ctx)
	if err != nil {
		t.Fatalf("somebody known waits behind strangers: %v", err)
	}
	through()
	leave()
	waiting.Wait()
	if len(turn) != 0 || len(strangers.narrow) != 0 {
		t.Errorf("%d places and %d gates are not given back", len(turn), len(strangers.narrow))
	}
}

// A line that is full refuses at once, and is open again when somebody has left.
func TestAFullLineRefuses(t *testing.T) {
	t.Parallel()
	known, _, _ := fresh()
	ctx, cancel := context.WithCancel(t.Context())
	var held []func()
	for range places {
		leave, err := known.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, leave)
	}
	var waiting sync.WaitGroup
	for range mostWait {
		waiting.Go(func() { _, _ = known.enter(ctx) })
	}
	await(t, known, mostWait)
	if _, err := known.enter(t.Context()); fault.CodeOf(err) != "session.busy" || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	cancel()
	waiting.Wait()
	held[0]()
	leave, err := known.enter(t.Context())
	if err != nil {
		t.Fatalf("the line is still full: %v", err)
	}
	leave()
}
