package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tanggap/tanggap/pkg/fault"
)

// constraintFaults are the constraints whose violation is a client's doing.
var constraintFaults = map[string]*fault.Error{
	"cases_one_open":        fault.New(fault.Conflict, "case.already_registered"),
	"cases_transition":      fault.New(fault.Conflict, "case.transition_refused"),
	"cases_immutable":       fault.New(fault.Stale, "case.stale"),
	"idempotency_once":      fault.New(fault.Conflict, "idempotency.in_progress"),
	"officer_email":         fault.New(fault.Conflict, "officer.email_taken"),
	"officer_grant_once":    fault.New(fault.Conflict, "grant.exists"),
	"officer_grant_not_own": fault.New(fault.Forbidden, "grant.own"),
	"layoff_once":           fault.New(fault.Conflict, "layoff.exists"),
	"layoff_withdrawn":      fault.New(fault.Conflict, "layoff.withdrawn"),
	"layoff_immutable":      fault.New(fault.Stale, "layoff.stale"),
	"erasure_obstacle":      fault.New(fault.Conflict, "erasure.held"),
	"history_contradicted":  fault.New(fault.Unavailable, "history.contradicted"),
	"history_unpublished":   fault.New(fault.Unavailable, "history.unpublished"),
	"certificate_once":      fault.New(fault.Conflict, "certificate.exists"),
	"class_full":            fault.New(fault.Conflict, "class.full"),
	"proposal_once":         fault.New(fault.Conflict, "proposal.already_made"),
	"referral_one_transfer": fault.New(fault.Conflict, "referral.already_offered"),
	"vacancy_once":          fault.New(fault.Conflict, "vacancy.exists"),
	"claim_one_live":        fault.New(fault.Conflict, "claim.already_live"),
}

// translate turns what the database says into what the service knows. Whatever is not a client's doing keeps its cause
// for the log and shows nothing of it to the client.
func translate(err error) error {
	var pg *pgconn.PgError
	var known *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.As(err, &pg):
		return translateCode(pg)
	default:
		return unavailable(err)
	}
}

func translateCode(pg *pgconn.PgError) error {
	if f, ok := constraintFaults[pg.ConstraintName]; ok && pg.ConstraintName != "" {
		return fmt.Errorf("constraint %s: %w", pg.ConstraintName, f)
	}
	switch pg.Code {
	case "55P03": // lock_not_available
		return fault.New(fault.Conflict, "request.concurrent").Because(errors.New(pg.Code))
	case "57014": // query_canceled by statement_timeout
		return fault.New(fault.Unavailable, "database.slow").Because(errors.New(pg.Code))
	case "40001", "40P01", "57P01", "57P02", "57P03", "53300", "53100", "53200", "25006":
		return fault.New(fault.Unavailable, "database.unavailable").Because(errors.New(pg.Code))
	}
	// The message may hold values of the row: only the code and the constraint may reach a log.
	return fmt.Errorf("database refused a statement: %s %s", pg.Code, pg.ConstraintName)
}

// unavailable says that the database could not be reached or did not answer in time. What is neither is ours, and stays
// what it is: nobody should try it again in vain.
func unavailable(err error) error {
	var network net.Error
	var connect *pgconn.ConnectError
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("client went away: %w", err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network), errors.As(err, &connect), pgconn.Timeout(err), pgconn.SafeToRetry(err),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return fault.New(fault.Unavailable, "database.unavailable").Because(err)
	}
	return err
}
