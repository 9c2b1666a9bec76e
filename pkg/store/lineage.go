package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrOtherHistory says that a server is not the one to write to: its history is another one than this program has
// seen, or an older branch of it, as that of an old primary which came back after a failover.
var ErrOtherHistory = errors.New("the server has not the history of this database")

// lineage is what this process knows of the history of its database. Every connection is held against it when it is
// made. A failover begins a new timeline, whose number is higher; a server that is still on a lower one is refused,
// and as soon as a higher one is seen the connections to the others are cut.
type lineage struct {
	file string // where the newest timeline outlives this process; "" keeps it in memory only
	log  *slog.Logger

	mu        sync.Mutex
	newer     func() // called after connections were cut
	seen      branch
	published int64 // size of the newest checkpoint
	links     map[*link]struct{}
	refused   string // the last refusal that was logged
}

// branch is a timeline of a database cluster.
type branch struct {
	System   string `json:"system"` // identifier that the cluster has from its birth on
	Timeline uint32 `json:"timeline"`
}

// guard puts the lineage before every connection that is made with c, after what c demands already.
func (l *lineage) guard(c *pgconn.Config) {
	others := hosts(c)
	before, dial := c.ValidateConnect, c.DialFunc
	c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &link{Conn: conn, of: l}, nil
	}
	c.ValidateConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		if before != nil {
			if err := before(ctx, conn); err != nil {
				return err
			}
		}
		return l.validate(ctx, conn, others)
	}
}

func (l *lineage) validate(ctx context.Context, conn *pgconn.PgConn, others []*pgconn.Config) error {
	at, err := positionOf(ctx, conn)
	if err != nil {
		return err
	}
	if at.standby {
		if len(others) > 1 {
			return errors.New("the server is a standby")
		}
		return nil // it takes no write that could be lost
	}
	l.begin(at.branch)
	l.survey(ctx, others, conn.Conn().RemoteAddr().String())
	if err = l.admit(at.branch, linkOf(conn.Conn())); err == nil {
		err = l.holdsPublished(ctx, conn)
	}
	l.report(ctx, err)
	return err
}

// begin takes the first server's cluster for the database, with what an earlier process has seen of it. A file about
// another cluster tells nothing: the data were moved to a new one.
func (l *lineage) begin(at branch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen.System != "" {
		return
	}
	l.seen = branch{System: at.System}
	if kept, err := readBranch(l.file); err == nil && kept.System == at.System {
		l.seen = kept
	}
}

// admit lets a connection in unless its server is of another history, or of an older branch.
func (l *lineage) admit(at branch, conn *link) error {
	if l.reach(at); conn == nil {
		return errors.New("connection without a way to cut it")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case at.System != l.seen.System:
		return fmt.Errorf("%w: cluster %s, not %s", ErrOtherHistory, at.System, l.seen.System)
	case at.Timeline < l.seen.Timeline:
		return fmt.Errorf("%w: it is on timeline %d and timeline %d was seen, so another server has taken its place; "+
			"make it a standby of that one%s", ErrOtherHistory, at.Timeline, l.seen.Timeline, l.hint())
	}
	conn.timeline = at.Timeline
	if l.links == nil {
		l.links = map[*link]struct{}{}
	}
	l.links[conn] = struct{}{}
	return nil
}

func (l *lineage) hint() string {
	if l.file == "" {
		return ""
	}
	return " (if it is the right one after all, remove " + l.file + ")"
}

// reach takes note of a branch. On one that is newer than any before, the connections to the older ones are cut:
// whatever was under way there is not acknowledged any more.
func (l *lineage) reach(at branch) {
	l.mu.Lock()
	if at.System != l.seen.System || at.Timeline <= l.seen.Timeline {
		l.mu.Unlock()
		return
	}
	first := l.seen.Timeline == 0
	l.seen = at
	newer := l.newer
	var old []*link
	for conn := range l.links {
		if conn.timeline < at.Timeline {
			old = append(old, conn)
		}
	}
	l.mu.Unlock()
	if err := writeBranch(l.file, at); err != nil {
		l.log.Warn("the timeline of the database cannot be remembered over a restart", "error", err)
	}
	for _, conn := range old {
		_ = conn.Close()
	}
	if !first {
		l.log.Warn("the database has failed over", "timeline", at.Timeline, "connections_cut", len(old))
	}
	if newer != nil && len(old) > 0 {
		newer()
	}
}

// whenNewer has fn called whenever connections were cut, to drop what is left of them.
func (l *lineage) whenNewer(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.newer = fn
}

// holdsPublished refuses a server whose log is smaller than the newest published checkpoint.
func (l *lineage) holdsPublished(ctx context.Context, conn *pgconn.PgConn) error {
	l.mu.Lock()
	published := l.published
	l.mu.Unlock()
	if published == 0 {
		return nil
	}
	row, err := oneRow(ctx, conn, "select size from log_state")
	if err != nil {
		return fmt.Errorf("ask the server for the size of its log: %w", err)
	}
	if size, err := strconv.ParseInt(row[0], 10, 64); err != nil || size < published {
		return fmt.Errorf("%w: its log has %s entries, %d were published", ErrOtherHistory, row[0], published)
	}
	return nil
}

// publishedUpTo takes note of the size of a published checkpoint.
func (l *lineage) publishedUpTo(size int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.published = max(l.published, size)
}

// report logs a refusal once until something else happens.
func (l *lineage) report(ctx context.Context, err error) {
	text := ""
	if errors.Is(err, ErrOtherHistory) {
		text = err.Error()
	}
	l.mu.Lock()
	fresh := text != "" && text != l.refused
	l.refused = text
	l.mu.Unlock()
	if fresh {
		l.log.ErrorContext(ctx, "a database server is refused", "error", err)
	}
}
