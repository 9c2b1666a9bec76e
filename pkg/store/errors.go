package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Translate is the one door for errors of the database, whichever way they come: pgx, GORM, the job queue, COPY,
// LISTEN. What a client did is named by its constraint, what may be tried again is unavailable, and the rest is a
// bug. The cause stays for the log and shows nothing of it to the client.
func Translate(err error) error {
	var pg *pgconn.PgError
	var known *fault.Error
	var connect *pgconn.ConnectError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("client went away: %w", err)
	case errors.As(err, &connect):
		return fault.New(fault.Unavailable, "database.unavailable").Because(err)
	case errors.Is(err, context.DeadlineExceeded), pgconn.Timeout(err):
		return fault.New(fault.Unavailable, "database.slow").Because(err)
	case errors.As(err, &pg):
		return translateCode(pg)
	case lost(err):
		return fault.New(fault.Unavailable, "database.unavailable").Because(err)
	}
	return err
}

// The codes of PostgreSQL that say more than their class does.
const (
	lockNotAvailable   = "55P03"
	queryCanceled      = "57014" // by statement_timeout
	readOnly           = "25006" // a standby, or a primary that is being replaced
	idleInTransaction  = "25P03" // the connection is cut
	featureUnsupported = "0A000"
	textUnstorable     = "22021"
	textUntranslatable = "22P05"
	numberOutOfRange   = "22003"
	dateOutOfRange     = "22008"
)

// passing are the classes of what passes: connection lost, rolled back in favour of another transaction, no room,
// memory or connection left, shut down by an administrator, a file that cannot be read now.
var passing = map[string]bool{"08": true, "40": true, "53": true, "57": true, "58": true}

func translateCode(pg *pgconn.PgError) error {
	if f, ok := ConstraintFaults[pg.ConstraintName]; ok && pg.ConstraintName != "" {
		return fmt.Errorf("constraint %s: %w", pg.ConstraintName, f)
	}
	cause := errors.New(pg.Code)
	switch {
	case pg.Code == lockNotAvailable:
		return fault.New(fault.Unavailable, "request.concurrent").Because(cause)
	case pg.Code == queryCanceled:
		return fault.New(fault.Unavailable, "database.slow").Because(cause)
	case len(pg.Code) == sqlState && passing[pg.Code[:2]], pg.Code == readOnly, pg.Code == idleInTransaction,
		stalePlan(pg):
		return fault.New(fault.Unavailable, "database.unavailable").Because(cause)
	case pg.Code == textUnstorable, pg.Code == textUntranslatable:
		return fault.New(fault.Invalid, "input.unstorable").Because(cause)
	case pg.Code == numberOutOfRange, pg.Code == dateOutOfRange:
		return fault.New(fault.Invalid, "input.out_of_range").Because(cause)
	}
	// The message may hold values of the row: only the code and the constraint may reach a log.
	return fmt.Errorf("database refused a statement: %s %s %s", pg.Code, pg.ConstraintName, impossible[pg.ConstraintName])
}

const sqlState = 5 // characters of a code

// stalePlan tells of a statement that was prepared before a migration. The driver has forgotten it: it works next time.
func stalePlan(pg *pgconn.PgError) bool {
	return pg.Code == featureUnsupported && pg.Routine == "RevalidateCachedQuery"
}

// lost tells whether the database could not be reached, or the connection broke or was given up.
func lost(err error) bool {
	for _, known := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, sql.ErrConnDone, driver.ErrBadConn,
		pgx.ErrTxCommitRollback, pgx.ErrTxClosed, sql.ErrTxDone, ErrOtherHistory} {
		if errors.Is(err, known) {
			return true
		}
	}
	var network *net.OpError // not net.Error: the errors of files look like one
	var name *net.DNSError
	return errors.As(err, &network) || errors.As(err, &name) || pgconn.SafeToRetry(err) || closed(err)
}

// closed tells of a pool that was closed; the drivers' errors for that have no name, only a text.
func closed(err error) bool {
	return strings.HasSuffix(err.Error(), "closed pool") || strings.HasSuffix(err.Error(), "sql: database is closed")
}

// unconfirmed names what is not known after a write that ran out of time: it may have been kept.
func unconfirmed(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Unavailable, "request.unconfirmed").Because(err)
	}
	return err
}
