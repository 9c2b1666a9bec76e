package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// exportHeader is the first line of the CSV form; see pkg/audit for both forms.
const exportHeader = "case_id,region,seq,kind,actor,occurred_on,recorded_at,payload,prev_hash,hash\n"

const exportInstant = `to_char(h.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

// The rows go from the server's COPY to the client as they are: decoding and encoding them once more would cost more than
// the rest of the export.
const exportColumns = `h.case_id, h.region, h.seq, h.kind, h.actor, h.occurred_on, ` + exportInstant + `, h.payload,
	encode(h.prev_hash, 'hex'), encode(h.hash, 'hex')`

const exportObject = `'{"case_id":"' || h.case_id || '","region":"' || h.region || '","seq":' || h.seq || ',"kind":"' || h.kind
	|| '","actor":"' || h.actor || '","occurred_on":"' || h.occurred_on || '","recorded_at":"' || ` + exportInstant + `
	|| '","payload":' || to_json(h.payload) || ',"prev_hash":"' || encode(h.prev_hash, 'hex') || '","hash":"' || encode(h.hash, 'hex') || '"}'`

// tally counts and digests what has been written, so that the last line can vouch for all before it.
type tally struct {
	w     io.Writer
	sum   hash.Hash
	lines int
}

func (t *tally) Write(p []byte) (int, error) {
	t.lines += bytes.Count(p, []byte{'\n'})
	t.sum.Write(p)
	return t.w.Write(p)
}

// Export implements casework.Store: one read-only snapshot, its instant in the last line.
func (s *Store) Export(ctx context.Context, scope authz.Scope, x casework.Export, w io.Writer) error {
	copySQL, err := exportQuery(scope, x.Format)
	if err != nil {
		return err
	}
	return s.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			lo, hi, only := s.limits(scope)
			if _, err := tx.Exec(ctx, bindScope, lo, hi, only); err != nil {
				return translate(err)
			}
			if _, err := tx.Exec(ctx, "set local statement_timeout = '30min'"); err != nil {
				return translate(err)
			}
			end := trailer{Region: scopeName(scope), Actor: uuid.UUID(x.Requester)}
			err := tx.QueryRow(ctx, "select now(), count(*) from cases c where "+literalScope(scope)).Scan(&end.at, &end.Cases)
			if err != nil {
				return translate(err)
			}
			out := &tally{w: w, sum: sha256.New()}
			if x.Format == "csv" {
				if _, err := io.WriteString(out, exportHeader); err != nil {
					return fmt.Errorf("write export: %w", err)
				}
				out.lines = 0
			}
			if _, err := conn.Conn().PgConn().CopyTo(ctx, out, copySQL); err != nil {
				return translate(err)
			}
			end.Entries, end.RecordedAt = out.lines, end.at.UTC().Format("2006-01-02T15:04:05.000000Z")
			end.SHA256 = audit.EndDigest(out.sum, end.Region, end.Entries, end.Cases, end.Actor.String(), end.RecordedAt)
			return end.write(w, x.Format)
		})
	})
}

func exportQuery(scope authz.Scope, format string) (string, error) {
	from := " from cases c join case_history h on h.case_id = c.id where " + literalScope(scope) + " order by c.id, h.seq"
	switch format {
	case "csv":
		return "copy (select " + exportColumns + from + ") to stdout (format csv)", nil
	case "jsonl":
		// One text column, with marks that JSON text cannot contain, so that COPY quotes nothing.
		return "copy (select " + exportObject + from + `) to stdout (format csv, quote e'\x01', delimiter e'\x02')`, nil
	}
	return "", fault.New(fault.Invalid, "export.format_unknown").At("format")
}

// literalScope is the scope as SQL text for the cases aliased c: COPY takes no arguments. Region codes hold digits only, by
// their type.
func literalScope(scope authz.Scope) string { return literal(scope, "c.region") }

// literalOffices is literalScope for the officers aliased o, by their office.
func literalOffices(scope authz.Scope) string { return literal(scope, "o.office") }

func literal(scope authz.Scope, column string) string {
	codes := scope.Regions()
	if len(codes) == 0 {
		return "false"
	}
	conditions := make([]string, len(codes))
	for i, code := range codes {
		lo, hi := code.Range()
		conditions[i] = "(" + column + " >= '" + lo + "' and " + column + " < '" + hi + "')"
		if code == "" {
			conditions[i] = "true"
		}
	}
	return "(" + strings.Join(conditions, " or ") + ")"
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

// trailer is the last line of an export; without it the file is not whole.
type trailer struct {
	Region     string    `json:"region"`
	Entries    int       `json:"entries"`
	Cases      int       `json:"cases"`
	Actor      uuid.UUID `json:"actor"`
	RecordedAt string    `json:"recorded_at"`
	SHA256     string    `json:"sha256"`
	at         time.Time
}

func (t trailer) write(w io.Writer, format string) error {
	var line []byte
	var err error
	if format == "csv" {
		var text bytes.Buffer
		c := csv.NewWriter(&text)
		err = c.Write([]string{"end", t.Region, strconv.Itoa(t.Entries), "export.end", t.Actor.String(), "", t.RecordedAt,
			fmt.Sprintf(`{"entries":%d,"cases":%d}`, t.Entries, t.Cases), "", t.SHA256})
		c.Flush()
		line = text.Bytes()
	} else {
		line, err = json.Marshal(map[string]trailer{"end": t})
		line = append(line, '\n')
	}
	if err != nil {
		return fmt.Errorf("encode export trailer: %w", err)
	}
	if _, err := w.Write(line); err != nil {
		return fmt.Errorf("write export trailer: %w", err)
	}
	return nil
}
