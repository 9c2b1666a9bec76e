package lawbook

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Book is the law that a process goes by now. It is safe for concurrent use.
type Book struct {
	store Store
	base  *Law // without releases
	now   atomic.Pointer[Law]

	mu     sync.Mutex // of one refresh
	change []func(*Law)
}

// Open reads the releases of a database on top of the files of the process.
func Open(ctx context.Context, base *Law, store Store) (*Book, error) {
	b := &Book{store: store, base: base}
	b.now.Store(base)
	return b, b.Refresh(ctx)
}

// Law is the law now.
func (b *Book) Law() *Law { return b.now.Load() }

// OnChange calls fn with the law whenever it changes, one change after the other.
func (b *Book) OnChange(fn func(*Law)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.change = append(b.change, fn)
}

// Refresh takes what was approved or withdrawn in any process. On an error the law stays as it was.
func (b *Book) Refresh(ctx context.Context) error {
	edition, err := b.store.Edition(ctx)
	if err != nil || edition == b.Law().Edition {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	holding, edition, err := b.store.Holding(ctx)
	if err != nil || edition == b.Law().Edition {
		return err
	}
	next, err := b.base.With(holding...)
	if err != nil {
		return fmt.Errorf("read the law of the database: %w", err)
	}
	next.Edition = edition
	b.now.Store(next)
	for _, fn := range b.change {
		fn(next)
	}
	return nil
}

// Current tells whether this process goes by the newest law of the database.
func (b *Book) Current(ctx context.Context) error { return b.Refresh(ctx) }
