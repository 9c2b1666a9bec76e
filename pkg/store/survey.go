package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	surveyEvery  = 2 * time.Second
	surveyWithin = time.Second
)

// position is where a server stands.
type position struct {
	branch
	standby bool
}

const whereIs = `select system_identifier, pg_is_in_recovery(),
		case when pg_is_in_recovery() then '' else pg_walfile_name(pg_current_wal_lsn()) end
	from pg_control_system()`

// positionOf asks a server. The name of the log file that is written now begins with the timeline; the control file
// tells it only after a checkpoint.
func positionOf(ctx context.Context, c *pgconn.PgConn) (position, error) {
	row, err := oneRow(ctx, c, whereIs)
	if err != nil {
		return position{}, fmt.Errorf("ask the server for its timeline: %w", err)
	}
	at := position{branch: branch{System: row[0]}, standby: row[1] == "t"}
	if at.standby {
		return at, nil
	}
	if len(row[2]) < timelineDigits {
		return at, fmt.Errorf("the server tells no timeline: %q", row[2])
	}
	timeline, err := strconv.ParseUint(row[2][:timelineDigits], 16, 32)
	at.Timeline = uint32(timeline)
	return at, err
}

const timelineDigits = 8

func oneRow(ctx context.Context, c *pgconn.PgConn, sql string) ([]string, error) {
	results, err := c.Exec(ctx, sql).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(results) != 1 || len(results[0].Rows) != 1 {
		return nil, errors.New("the server answers nothing")
	}
	var row []string
	for _, value := range results[0].Rows[0] {
		row = append(row, string(value))
	}
	return row, nil
}

// survey looks at the other hosts for a newer branch. Which one a connection reaches first says nothing: an old
// primary that comes back is often first in the list.
func (l *lineage) survey(ctx context.Context, all []*pgconn.Config, except string) {
	ctx, cancel := context.WithTimeout(ctx, surveyWithin)
	defer cancel()
	var group sync.WaitGroup
	for _, c := range all {
		if _, address := pgconn.NetworkAddress(c.Host, c.Port); address != except {
			group.Go(func() { l.look(ctx, c) })
		}
	}
	group.Wait()
}

func (l *lineage) look(ctx context.Context, c *pgconn.Config) {
	conn, err := pgconn.ConnectConfig(ctx, c)
	if err != nil {
		return // a server that is down is nobody's primary
	}
	defer func() { _ = conn.Close(ctx) }()
	if at, err := positionOf(ctx, conn); err == nil && !at.standby {
		l.reach(at.branch)
	}
}

// watch surveys all hosts until ctx ends, for a primary that was replaced while it could still be reached.
func (l *lineage) watch(ctx context.Context, all []*pgconn.Config) {
	tick := time.NewTicker(surveyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			l.survey(ctx, all, "")
		}
	}
}

// hosts gives one plain configuration for each host that c names.
func hosts(c *pgconn.Config) []*pgconn.Config {
	var all []*pgconn.Config
	known := map[string]*pgconn.Config{}
	first := &pgconn.FallbackConfig{Host: c.Host, Port: c.Port, TLSConfig: c.TLSConfig}
	for _, f := range append([]*pgconn.FallbackConfig{first}, c.Fallbacks...) {
		_, address := pgconn.NetworkAddress(f.Host, f.Port)
		if host := known[address]; host != nil {
			host.Fallbacks = append(host.Fallbacks, f) // the same one without TLS
			continue
		}
		host := c.Copy()
		host.Host, host.Port, host.TLSConfig = f.Host, f.Port, f.TLSConfig
		host.Fallbacks, host.ValidateConnect = nil, nil
		known[address] = host
		all = append(all, host)
	}
	return all
}
