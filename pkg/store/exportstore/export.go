package exportstore

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/translog"
)

// historyColumns are the columns of an entry in the order of all forms.
var historyColumns = "h." + strings.Join(export.EntryColumns, ", h.")

// exportTime bounds the statements of an export.
const exportTime = `set local statement_timeout = '30min'; set local idle_in_transaction_session_timeout = '10min';
	set local work_mem = '32MB'`

// inOrder keeps the planner to walking both indexes side by side: it cannot know that row security will let everything
// through, takes the whole country for one row, and would sort it on disk.
const inOrder = `set local enable_nestloop = off; set local enable_sort = off; set local enable_hashjoin = off`

// snapshot is one transaction that sees one instant of a scope.
type snapshot struct {
	ctx    context.Context
	store  *Exports
	conn   *pgxpool.Conn
	scope  authz.Scope
	asOf   audit.Checkpoint
	chosen string // condition on the cases c
	only   string // the one case, when one was asked for
	from   string // histories h of those cases, as of the checkpoint
	whole  bool   // nothing was written since the checkpoint
	at     time.Time
	id     string // of the snapshot, by which another connection sees the same
	tiles  translog.Tiles
}

// Snapshot implements export.WorkStore. Everything in it is a stream of one read-only transaction at one instant, with
// limits of its own: pgx hands its rows on as they come.
func (s *Exports) Snapshot(ctx context.Context, scope authz.Scope, x export.Export, asOf audit.Checkpoint,
	fn func(export.Snapshot) error) error {
	ctx = store.WithWait(ctx, 30*time.Minute)
	return store.Translate(s.Pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		return pgx.BeginTxFunc(ctx, conn, frozen, func(tx pgx.Tx) error {
			snap := &snapshot{ctx: ctx, store: s, conn: conn, scope: scope, asOf: asOf, only: x.Asked.Case,
				chosen: store.CaseScopeSQL(scope) + literalFilter(x.Asked), tiles: logstore.Tiles(ctx, tx)}
			if err := snap.begin(tx, x.Asked); err != nil {
				return store.Translate(err)
			}
			return fn(snap)
		})
	}))
}

// frozen is a transaction that sees one instant.
var frozen = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// begin binds the scope and the limits, and looks whether anything was written since the checkpoint.
func (s *snapshot) begin(tx pgx.Tx, asked export.Request) error {
	lo, hi, only := s.store.Limits(s.scope)
	if _, err := tx.Exec(s.ctx, store.BindScope, lo, hi, only); err != nil {
		return fmt.Errorf("bind scope: %w", err)
	}
	limits := exportTime
	if s.scope.National() && literalFilter(asked) == "" {
		limits += "; " + inOrder
	}
	if _, err := tx.Exec(s.ctx, limits, pgx.QueryExecModeSimpleProtocol); err != nil {
		return fmt.Errorf("set limits of export: %w", err)
	}
	err := tx.QueryRow(s.ctx, `select clock_timestamp(), pg_export_snapshot(),
		(select size from log_state) = $1 and not exists (select from log_pending)`, s.asOf.Size).
		Scan(&s.at, &s.id, &s.whole)
	if err != nil {
		return fmt.Errorf("take snapshot: %w", err)
	}
	s.from = " from cases c join case_history h on h.case_id = c.id"
	if !s.whole { // something was written since: leave it out
		s.from += " join log_leaf g on (g.entry_of, g.seq) = (h.case_id, h.seq) and g.idx < " +
			strconv.FormatInt(s.asOf.Size, 10)
	}
	s.from += " where " + s.chosen
	return nil
}

// literalFilter is the filter as SQL text: COPY takes no arguments. Every value is of a closed form; a condition that
// cannot be read must not disappear.
func literalFilter(a export.Request) string {
	var sql strings.Builder
	for _, list := range []struct {
		column, value string
		valid         bool
	}{
		{"c.stage", string(a.Stage), a.Stage.Valid()}, {"c.outcome", string(a.Outcome), a.Outcome.Valid()},
		{"c.claim_state", string(a.Claim), a.Claim.Valid()},
	} {
		if list.value != "" && !list.valid {
			return " and false"
		}
		if list.value != "" {
			sql.WriteString(" and " + list.column + " = '" + list.value + "'")
		}
	}
	for _, id := range []struct{ column, value string }{
		{"c.layoff_id", a.Layoff}, {"c.id", a.Case}, {"c.officer_id", a.Officer},
	} {
		if id.value == "" {
			continue
		}
		parsed, err := uuid.Parse(id.value)
		if err != nil {
			return " and false"
		}
		sql.WriteString(" and " + id.column + " = '" + parsed.String() + "'")
	}
	return sql.String() + periodFilter(a.From, a.Until)
}

// periodFilter keeps the cases with an entry that was recorded in the period.
func periodFilter(from, until calendar.Date) string {
	if from.IsZero() && until.IsZero() {
		return ""
	}
	recorded := ""
	midnight := func(d calendar.Date) string { return "timestamp '" + d.String() + "' at time zone 'Asia/Jakarta'" }
	if !from.IsZero() {
		recorded += " and p.recorded_at >= " + midnight(from)
	}
	if !until.IsZero() {
		recorded += " and p.recorded_at < " + midnight(until.AddDays(1))
	}
	return " and exists (select from case_history p where p.case_id = c.id" + recorded + ")"
}

// At implements export.Snapshot.
func (s *snapshot) At() time.Time { return s.at.UTC() }

// Total implements export.Snapshot. The version of a case is the number of its entries; of an earlier checkpoint it is
// too many by what came later.
func (s *snapshot) Total() (n int, err error) {
	err = s.conn.QueryRow(s.ctx, "select coalesce(sum(c.version), 0) from cases c where "+s.chosen).Scan(&n)
	return n, store.Translate(err)
}

// cases counts the cases that have an entry as of the checkpoint.
func (s *snapshot) cases() (n int, err error) {
	count := "select count(distinct h.case_id)" + s.from
	if s.whole {
		count = "select count(*) from cases c where " + s.chosen
	}
	err = s.conn.QueryRow(s.ctx, count).Scan(&n)
	return n, store.Translate(err)
}

// Histories implements export.Snapshot. What the database sends is written as it comes, without making entries of it:
// that would cost more than the rest of the export.
func (s *snapshot) Histories(f export.Format, to io.Writer) (entries, cases int, err error) {
	lines, err := export.LinesOf(f)
	if err != nil {
		return 0, 0, err
	}
	var end export.Trailer
	if end.Region, err = s.region(); err != nil {
		return 0, 0, err
	}
	if end.Cases, err = s.cases(); err != nil {
		return 0, 0, err
	}
	sum := sha256.New()
	if end.Entries, err = s.stream(lines, io.MultiWriter(to, sum)); err != nil {
		return 0, 0, err
	}
	end.RecordedAt = s.asOf.At.UTC().Format(audit.InstantLayout)
	end.SHA256 = audit.EndDigest(sum, end.Region, end.Entries, end.Cases, end.RecordedAt)
	last, err := lines.End(end)
	if err == nil {
		_, err = to.Write(last)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("write export trailer: %w", err)
	}
	return end.Entries, end.Cases, nil
}

// stream writes the header and every entry, and counts them.
func (s *snapshot) stream(lines export.Lines, to io.Writer) (n int, err error) {
	out := bufio.NewWriterSize(to, 64<<10)
	_, _ = out.WriteString(lines.Header()) // Flush tells of errors
	query := "select " + historyColumns + s.from + " order by c.id, h.seq"
	rows, err := s.conn.Query(s.ctx, query, pgx.QueryResultFormats{pgx.BinaryFormatCode})
	if err != nil {
		return 0, store.Translate(err)
	}
	defer rows.Close()
	var line []byte
	for ; rows.Next(); n++ {
		line = lines.AppendEntry(line[:0], rows.RawValues())
		if _, err := out.Write(line); err != nil {
			return 0, fmt.Errorf("write export: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return 0, store.Translate(err)
	}
	if err := out.Flush(); err != nil {
		return 0, fmt.Errorf("write export: %w", err)
	}
	return n, nil
}

// Places implements export.Snapshot. It has a connection of its own, so that it can be asked beside Histories.
func (s *snapshot) Places(each func(int64)) error {
	return store.Translate(pgx.BeginTxFunc(s.ctx, s.store.Pool, frozen, func(tx pgx.Tx) error {
		// The id is the server's own; this statement takes no arguments.
		same := "set transaction snapshot '" + s.id + "'; " + exportTime
		if _, err := tx.Exec(s.ctx, same, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		lo, hi, only := s.store.Limits(s.scope)
		if _, err := tx.Exec(s.ctx, store.BindScope, lo, hi, only); err != nil {
			return err
		}
		rows, err := tx.Query(s.ctx, "select g.idx from cases c join log_leaf g on g.entry_of = c.id and g.idx < $1 where "+
			s.chosen+" order by c.id, g.seq", s.asOf.Size)
		if err != nil {
			return err
		}
		var index int64
		_, err = pgx.ForEachRow(rows, []any{&index}, func() error {
			each(index)
			return nil
		})
		return err
	}))
}

// Prove implements export.Snapshot.
func (s *snapshot) Prove(places []int64) ([]tlog.Hash, error) {
	hashes, err := translog.Prove(s.asOf.Size, places, s.tiles)
	return hashes, store.Translate(err)
}

// Cases implements export.Snapshot.
func (s *snapshot) Cases(each func(uuid.UUID)) error {
	rows, err := s.conn.Query(s.ctx, "select c.id from cases c where "+s.chosen)
	if err != nil {
		return store.Translate(err)
	}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id)}, func() error {
		each(id)
		return nil
	})
	return store.Translate(err)
}

// Entries implements export.Snapshot.
func (s *snapshot) Entries(each func(*audit.Entry) error) error {
	rows, err := s.conn.Query(s.ctx, "select "+historyColumns+s.from+" order by c.id, h.seq")
	if err != nil {
		return store.Translate(err)
	}
	var e audit.Entry
	var on pgtype.Date
	var prev, sum []byte
	values := []any{(*[16]byte)(&e.CaseID), &e.Region, &e.Seq, &e.Kind, (*[16]byte)(&e.Actor), &on, &e.RecordedAt,
		&e.Payload,
		&prev, &sum}
	_, err = pgx.ForEachRow(rows, values, func() error {
		e.OccurredOn, e.RecordedAt = store.DateOf(on), e.RecordedAt.UTC()
		copy(e.PrevHash[:], prev)
		copy(e.Hash[:], sum)
		return each(&e)
	})
	return store.Translate(err)
}

// region names what is exported: the region of the one case that was asked for, or the scope.
func (s *snapshot) region() (name string, err error) {
	if s.only == "" {
		return scopeName(s.scope), nil
	}
	err = s.conn.QueryRow(s.ctx, "select c.region from cases c where "+s.chosen).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return scopeName(s.scope), nil // it is empty: the case is not in the scope
	}
	return name, store.Translate(err)
}

func scopeName(scope authz.Scope) string {
	if scope.National() {
		return "national"
	}
	names := make([]string, 0, len(scope.Regions()))
	for _, code := range scope.Regions() {
		names = append(names, string(code))
	}
	return strings.Join(names, " ")
}
