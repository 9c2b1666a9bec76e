package store_test

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// What passes by itself is waited for at the start; what somebody has to mend is not.
func TestOnlyWhatPassesIsWaitedFor(t *testing.T) {
	t.Parallel()
	db := storetest.NewEmpty(t)
	_, refused := pgx.Connect(t.Context(), "postgres://x@127.0.0.1:1/x")
	_, unknown := pgx.Connect(t.Context(), db.AdminDSN+" dbname=nothing_of_that_name")
	for _, c := range []struct {
		err  error
		want bool
	}{
		{refused, true},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, true},
		{&net.DNSError{Err: "no such host", Name: "db"}, true},
		{&pgconn.PgError{Code: "57P03"}, true},
		{&pgconn.PgError{Code: "53300"}, true},
		{unknown, false},
		{&pgconn.PgError{Code: "28P01"}, false},
		{&pgconn.PgError{Code: "42703"}, false},
		{&fs.PathError{Op: "open", Path: "keys.json", Err: syscall.EACCES}, false},
		{store.ErrNewerSchema, false},
		{store.ErrUnsafe, false},
	} {
		if c.err == nil || store.Unreachable(fmt.Errorf("start: %w", c.err)) != c.want {
			t.Errorf("%v: want %t", c.err, c.want)
		}
	}
}
