package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// Superuser is the role that owns the cluster. It bypasses row security: use it to migrate, never to serve.
const Superuser = "tanggap_admin"

const (
	pollEvery   = 5 * time.Millisecond
	watchEvery  = time.Second
	startWithin = 5 * time.Minute // crash recovery of a large cluster included
	closeWithin = 8 * time.Second // a graceful stop of the whole program has 10 s
)

// Options says which server is wanted. Everything but Dir counts only for the user that launches the server; those who
// join find it as it is.
type Options struct {
	// Dir is the folder that holds the cluster. When empty, a durable server uses $TANGGAP_DATA_DIR, else
	// /var/lib/tanggap/default for root and tanggap/default in the user's data folder for others (see places); a test
	// server uses memory or a temporary folder, one for each user and checkout.
	Dir string
	// Durable keeps the data and syncs every commit. Otherwise each launch begins with an empty cluster.
	Durable bool
	// Settings override those of the package, by PostgreSQL's names.
	Settings map[string]string
	// Linger is how long the server outlives its last user; zero means 5 s.
	Linger time.Duration
	// Say, if given, is told what is done before each step that takes time.
	Say func(step string)
}

func (o Options) say(step string) {
	if o.Say != nil {
		o.Say(step)
	}
}

// Server is one user's hold on a running PostgreSQL.
type Server struct {
	folder  folder
	options Options
	lease   *lock
	stop    context.CancelFunc
	finish  func()
	once    sync.Once
	watcher sync.WaitGroup
}

// Start joins the server of the folder, launching it where none runs, and returns once it accepts connections.
// A cancelled ctx ends the wait, not the server: that is what Close is for.
func Start(ctx context.Context, options Options) (*Server, error) {
	if os.Getenv(superviseVariable) != "" {
		return nil, errors.New("start postgresql: localpg.Supervise is not the first line of main")
	}
	dir, err := locate(options)
	if err != nil {
		return nil, fmt.Errorf("choose data folder: %w", err)
	}
	home := folder{dir: dir, durable: options.Durable}
	if err = home.ensure(); err != nil {
		return nil, fmt.Errorf("prepare data folder: %w", advise(err))
	}
	lease, err := openLock(home.lease())
	if err != nil {
		return nil, fmt.Errorf("open lease: %w", advise(err))
	}
	server := &Server{folder: home, options: options, lease: lease}
	wait, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	if err = server.begin(wait); err != nil {
		return nil, errors.Join(fmt.Errorf("start postgresql in %s: %w", dir, advise(err)), lease.close())
	}
	watched, stop := context.WithCancel(context.WithoutCancel(ctx))
	server.stop = stop
	server.finish = func() {}
	if options.Durable {
		server.watcher.Go(func() { server.watch(watched) })
		server.finish = func() { home.hurry(context.WithoutCancel(ctx)) }
	}
	return server, nil
}

func (s *Server) begin(ctx context.Context) error {
	if err := s.lease.wait(ctx, shared); err != nil {
		return fmt.Errorf("take lease: %w", err)
	}
	return s.ensure(ctx)
}

// watch brings the server back when its supervisor was killed. PostgreSQL itself is brought back by the supervisor.
func (s *Server) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if !s.folder.supervised() {
				// An error here is found again, and told, by whoever next uses the database.
				_ = s.ensure(ctx)
			}
		}
	}
}

// DSN is the connection string of a database for a role, understood by pgx and libpq. There is no password: the mode
// of the socket's folder is what keeps others out.
func (s *Server) DSN(database, user string) string {
	return strings.Join([]string{
		"host=" + quote(s.folder.socket()), "port=" + port, "user=" + quote(user), "dbname=" + quote(database),
		"sslmode=disable",
	}, " ")
}

// Dir is the folder of the server.
func (s *Server) Dir() string { return s.folder.dir }

// Log is the path of the server's log.
func (s *Server) Log() string { return s.folder.log() }

// Close gives the server up; it stops once nobody uses it. For a durable server Close waits up to 8 s for that, so that
// a container which ends with this program does not cut PostgreSQL off.
func (s *Server) Close() error {
	var err error
	s.once.Do(func() {
		s.stop()
		s.watcher.Wait()
		err = s.lease.close()
		s.finish()
	})
	return err
}

// quote writes a value as libpq reads it.
func quote(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}
