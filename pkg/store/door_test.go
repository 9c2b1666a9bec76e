package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// wire is a way to a database that can be cut: a unix socket which hands on so many messages of clients and then breaks
// every connection.
type wire struct {
	left   atomic.Int64 // messages; negative for any number
	target string
	dir    string
}

func newWire(t *testing.T, dsn string) (*wire, string) {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	storetest.OK(t, err)
	dir, err := os.MkdirTemp("", "wire-") // a socket's path must be short
	storetest.OK(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	w := &wire{target: filepath.Join(config.Host, ".s.PGSQL.5432"), dir: dir}
	w.left.Store(-1)
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	storetest.OK(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(client)
		}
	}()
	return w, fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", dir, config.User, config.Database)
}

func (w *wire) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("unix", w.target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(client, server); _ = client.Close() }()
	message := make([]byte, 64<<10)
	for {
		n, err := client.Read(message)
		if err != nil {
			return
		}
		if w.left.Load() >= 0 && w.left.Add(-1) < 0 {
			w.left.Store(0)
			return
		}
		if _, err := server.Write(message[:n]); err != nil {
			return
		}
	}
}

// door calls every method of the store that can fail.
type door struct {
	store *stores.Stores
	key   *translog.Key
	sink  translog.Folder
}

// arguments are not zero: a zero id or an empty scope is refused before the database is asked.
func (d *door) argument(ctx context.Context, of reflect.Type) reflect.Value {
	for _, given := range []any{ctx, authz.Everywhere(), d.key, d.sink, storetest.Today, time.Unix(1_790_000_000, 0),
		track.VoidQueue,
		statistics.Query{Report: statistics.Layoffs, Definition: statistics.Reports, By: []statistics.Grouping{"regency"}},
		authz.Op{Actor: authz.OfficerID{1}, Scope: authz.Everywhere(),
			Request: authz.Request{Route: "door", Key: uuid.NewString(), Digest: []byte{1}}}} {
		if value := reflect.ValueOf(given); value.Type() == of ||
			of.Kind() == reflect.Interface && value.Type().Implements(of) {
			return value
		}
	}
	value := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.String:
		value.SetString("3273")
	case reflect.Int, reflect.Int64:
		value.SetInt(1)
	case reflect.Array:
		value.Index(0).Set(d.argument(ctx, of.Elem()))
	case reflect.Uint8:
		value.SetUint(1)
	case reflect.Slice:
		value = reflect.Append(value, d.argument(ctx, of.Elem()))
	case reflect.Pointer:
		value = reflect.New(of.Elem())
	case reflect.Struct:
		for i := range of.NumField() {
			if f := value.Field(i); f.CanSet() && f.Kind() != reflect.Pointer &&
				f.Kind() != reflect.Interface && f.Kind() != reflect.Map {
				f.Set(d.argument(ctx, f.Type()))
			}
		}
	case reflect.Func:
		value = reflect.MakeFunc(of, func([]reflect.Value) []reflect.Value { return d.answers(of) })
	case reflect.Interface:
		if of == reflect.TypeFor[io.Writer]() {
			value = reflect.ValueOf(io.Discard)
		}
	}
	return value
}

// answers are what a function of ours gives the store: an event of each lifecycle, and no error.
func (d *door) answers(of reflect.Type) []reflect.Value {
	var out []reflect.Value
	for i := range of.NumOut() {
		value := reflect.Zero(of.Out(i))
		switch of.Out(i) {
		case reflect.TypeFor[casework.Event]():
			value = reflect.ValueOf(casework.Event{Kind: casework.CaseNoted, OccurredOn: storetest.Today,
				Payload: casework.Noted{}})
		case reflect.TypeFor[layoff.Event]():
			value = reflect.ValueOf(layoff.Event{Kind: layoff.LayoffHappened, OccurredOn: storetest.Today, Payload: struct{}{}})
		}
		out = append(out, value)
	}
	return out
}

// each calls the methods one after the other. A method that needs what cannot be made here must be named in the test.
func (d *door) each(t *testing.T, ctx func() (context.Context, context.CancelFunc),
	judge func(method string, err error)) {
	t.Helper()
	of := reflect.TypeOf(d.store)
	called := 0
	for i := range of.NumMethod() {
		method := of.Method(i)
		last := method.Type.NumOut() - 1
		if last < 0 || method.Type.Out(last) != reflect.TypeFor[error]() || within[method.Name] {
			continue
		}
		called++
		c, cancel := ctx()
		args := []reflect.Value{reflect.ValueOf(d.store)}
		for n := 1; n < method.Type.NumIn(); n++ {
			args = append(args, d.argument(c, method.Type.In(n)))
		}
		func() {
			defer func() {
				if cause := recover(); cause != nil {
					t.Errorf("%s panics: %v", method.Name, cause)
				}
			}()
			err, _ := method.Func.Call(args)[last].Interface().(error)
			judge(method.Name, err)
		}()
		cancel()
	}
	if called < 90 {
		t.Fatalf("only %d methods were called", called)
	}
}

func openDoor(t *testing.T) (*door, *wire) {
	t.Helper()
	v, err := vault.Generate()
	storetest.OK(t, err)
	key, err := translog.NewKey("tanggap/test", v.Derive("checkpoint v1"))
	storetest.OK(t, err)
	w, dsn := newWire(t, storetest.New(t).AppDSN)
	s, err := stores.Open(t.Context(), store.Config{DSN: dsn, MaxConns: 8, Vault: v, Tree: storetest.Regions(t)})
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	d := &door{store: s, key: key, sink: translog.Folder{Path: t.TempDir()}}
	_, err = s.Publish(t.Context(), key, d.sink)
	storetest.OK(t, err)
	return d, w
}

// needless are the methods that can answer without the database.
var needless = map[string]bool{
	"Consistency": true, // a log is consistent with itself
	"LeftCustody": true, // of the nation no case leaves
}

// within are the methods that work in a transaction which their caller has opened.
var within = map[string]bool{"VerifyStateIn": true, "Enqueue": true, "EnqueueIn": true, "Enter": true, "OpenMany": true, "Retry": true,
	"Unseal": true, "ScanRecord": true, "ScanEntries": true}

// A database that is gone is a fault of the database, in every method: nothing that a client could take for a bug of
// ours, and no answer that was not asked of it.
func TestAClosedDatabaseIsAFaultEverywhere(t *testing.T) {
	t.Parallel()
	d, _ := openDoor(t)
	d.store.Close()
	d.each(t, func() (context.Context, context.CancelFunc) { return context.WithTimeout(t.Context(), time.Minute) },
		func(method string, err error) {
			if fault.KindOf(err) != fault.Unavailable && !needless[method] {
				t.Errorf("%s: got %v", method, err)
			}
		})
}

// A request whose time is over is told so.
func TestTimeOverIsAFaultEverywhere(t *testing.T) {
	t.Parallel()
	d, _ := openDoor(t)
	d.each(t, func() (context.Context, context.CancelFunc) {
		return context.WithDeadline(t.Context(), time.Unix(0, 0))
	}, func(method string, err error) {
		if fault.KindOf(err) != fault.Unavailable && !needless[method] {
			t.Errorf("%s: got %v", method, err)
		}
	})
}

// A client that left is nobody's fault.
func TestAClientThatLeftIsNoFault(t *testing.T) {
	t.Parallel()
	d, _ := openDoor(t)
	left, leave := context.WithCancel(t.Context())
	leave()
	d.each(t, func() (context.Context, context.CancelFunc) { return left, func() {} }, func(method string, err error) {
		if !errors.Is(err, context.Canceled) && !needless[method] {
			t.Errorf("%s: got %v", method, err)
		}
	})
}

// Wherever the connection breaks, what comes out is a fault, or the method's own answer.
func TestABrokenConnectionIsAFaultEverywhere(t *testing.T) {
	t.Parallel()
	d, w := openDoor(t)
	for left := range int64(6) {
		d.each(t, func() (context.Context, context.CancelFunc) {
			w.left.Store(-1)
			storetest.OK(t, d.store.Ping(t.Context()))
			w.left.Store(left)
			return context.WithTimeout(t.Context(), 2*time.Second) // one of them listens for as long as it may
		}, func(method string, err error) {
			// The arguments are no input of anybody: the database may refuse them.
			refused := err != nil && strings.HasPrefix(err.Error(), "database refused a statement")
			if err != nil && !fault.KindOf(err).Valid() && !refused {
				t.Errorf("%s, broken after %d messages: %v", method, left, err)
			}
		})
		w.left.Store(-1)
	}
}

// A note needs the worker's key, which is read in a round trip of its own.
func TestAConnectionThatBreaksAmidANoteIsAFault(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	w, dsn := newWire(t, b.Database.AppDSN)
	v, err := vault.Generate()
	storetest.OK(t, err)
	s, err := stores.Open(t.Context(), store.Config{DSN: dsn, MaxConns: 8, Vault: v, Tree: storetest.Regions(t)})
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	for left := range int64(12) {
		w.left.Store(-1)
		storetest.OK(t, s.Ping(t.Context()))
		w.left.Store(left)
		_, err := s.Change(t.Context(), b.Request(fmt.Sprint("k", left), "3273"), made.ID, 1, note)
		if err == nil || fault.KindOf(err) == fault.Unavailable {
			continue
		}
		if !strings.Contains(err.Error(), "open data key") { // the key is of another keyset: it was read
			t.Errorf("after %d messages: %v", left, err)
		}
	}
}

func note(c *casework.Case) (casework.Event, error) {
	return c.Note(identity.NewSecret("x"), storetest.Today)
}
