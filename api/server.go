// Package api is the HTTP edge: it assembles the server from the shared parts (api/rest) and the resources (api/v1). It
// and they are the only packages that know Echo and Huma.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/api/console"
	"github.com/tanggap/tanggap/api/rest"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/measure"
)

// Options are what the server is made of.
type Options struct {
	Edge     rest.Deps
	V1       v1.Services
	Ready    map[string]func(context.Context) error  // what must answer before the server is ready, by name
	Told     func(context.Context) map[string]string // further words of /readyz; nil for none
	Registry *prometheus.Registry
	NoPages  bool           // the pages of the console are not offered
	PageKey  []byte         // seals what pages carry, 32 bytes; without it that ends with the program
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed, beside this machine's own
	Origins  []string       // of pages elsewhere that may read answers in a browser: "https://host"
}

// Server is the API over HTTP.
type Server struct {
	routed  atomic.Pointer[routed]
	options Options
	metrics *metrics
	said    sync.Map // by the checks of readiness, when they were asked last
}

// routed is the routes over the services of one law. A request is answered by those that it came in on.
type routed struct {
	rest    *rest.API
	echo    *echo.Echo
	handler http.Handler // echo, with what answers travel in
	console *console.Console
}

// The times of a connection around its requests; within them the edge keeps the deadlines (rest.Times).
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 10 * time.Second
	maxHeader     = 16 << 10
)

// New assembles the server.
func New(o Options) *Server {
	s := &Server{options: o, metrics: newMetrics(o.Registry)}
	s.route(rest.New(o.Edge), o.V1)
	return s
}

// Follow answers every request from now on by other services: those of another law. Requests that are under way end
// under the one that they came in on; what callers have taken counts on.
func (s *Server) Follow(services v1.Services, measures measure.Book) {
	s.route(s.now().rest.Under(measures), services)
}

func (s *Server) now() *routed { return s.routed.Load() }

func (s *Server) route(edge *rest.API, services v1.Services) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = addresses(s.options.Proxies)
	e.HTTPErrorHandler = s.unrouted
	e.Use(s.observe)
	edge.API = humaecho.New(e, rest.Configure())
	v1.Register(edge, services)
	edge.Describe(v1.Tags)
	shared(e, s.options.Origins)
	r := &routed{rest: edge, echo: e, handler: packed(spared(e))}
	if !s.options.NoPages {
		r.console = console.Register(e, console.Options{Edge: edge, API: r, Tree: services.Tree, Key: s.options.PageKey,
			Says: summaryOf})
	}
	s.describe(r)
	s.routed.Store(r)
}

// ServeHTTP answers what a page asks of the API: as if it came from outside, but that its page was let in already.
func (r *routed) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	x, req := r.rest.Take(w, req, r.echo.IPExtractor(req))
	defer x.End()
	req, problem := rest.Prepare(req)
	if problem != nil {
		problem.Write(x)
		return
	}
	r.echo.ServeHTTP(x, req)
}

// Pages lists the pages of the console with the right that each needs.
func (s *Server) Pages() []rest.Route {
	if c := s.now().console; c != nil {
		return c.Pages()
	}
	return nil
}

// Routes lists what is served with the right that each needs.
func (s *Server) Routes() []rest.Route { return s.now().rest.Routes() }

// ServeHTTP holds every request to its form, then routes it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Cache-Control"] = []string{"no-store"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Content-Security-Policy"] = []string{"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
	h["Referrer-Policy"] = []string{"no-referrer"}
	now := s.now()
	x, r := now.rest.Take(w, r, now.echo.IPExtractor(r))
	defer x.End()
	defer func() {
		if r.MultipartForm != nil { // net/http only clears away what it parsed itself
			_ = r.MultipartForm.RemoveAll()
		}
	}()
	r, problem := rest.Prepare(r)
	h["X-Request-Id"] = []string{rest.RequestID(r.Context())}
	h["Vary"] = []string{"Accept-Language, Authorization"}
	if problem != nil {
		s.metrics.count(r.Method, "unrouted", problem.Status, 0)
		problem.Write(x)
		return
	}
	if r.URL.Path != "/healthz" { // whoever watches this process must not take it for dead when others crowd
		if err := now.rest.Admit(x); err != nil {
			now.rest.Problem(r.Context(), err).Write(x)
			return
		}
	}
	now.handler.ServeHTTP(x, r)
}

// addresses finds the address of a client: that of the connection, or what a proxy says which is believed.
func addresses(proxies []netip.Prefix) echo.IPExtractor {
	trust := []echo.TrustOption{echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		network := &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
		trust = append(trust, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// Run serves until ctx ends, then lets accepted requests finish.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.options.Edge.Log.Handler(),
			slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// observe measures and logs each routed request by its pattern, never by its URL, and turns a panic into a problem.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		started := s.options.Edge.Clock.Now()
		s.metrics.inFlight.Inc()
		defer func() {
			s.metrics.inFlight.Dec()
			cause := recover()
			if cause != nil && s.undelivered(c, cause) {
				panic(http.ErrAbortHandler)
			}
			if cause != nil {
				s.options.Edge.Log.ErrorContext(c.Request().Context(), "panic", "request", rest.RequestID(c.Request().Context()),
					"type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
				if c.Response().Committed {
					panic(http.ErrAbortHandler) // the answer is half sent: break it off rather than let it look whole
				}
				rest.NewProblem(c.Request().Context(), http.StatusInternalServerError, "internal").Write(c.Response())
			}
			took := s.options.Edge.Clock.Now().Sub(started)
			s.metrics.count(c.Request().Method, c.Path(), c.Response().Status, took)
			s.options.Edge.Log.DebugContext(c.Request().Context(), "request", "request", rest.RequestID(c.Request().Context()),
				"method", c.Request().Method, "route", c.Path(), "status", c.Response().Status, "took", took)
		}()
		if err = next(c); err != nil {
			s.unrouted(err, c)
		}
		return nil
	}
}

// undelivered tells whether an answer broke off because the client did not take it, which is no fault of ours.
func (s *Server) undelivered(c echo.Context, cause any) bool {
	x := rest.ExchangeOf(c.Request().Context())
	broken, _ := cause.(error)
	if !errors.Is(broken, http.ErrAbortHandler) && (x == nil || x.Failed() == nil) {
		return false
	}
	ctx := c.Request().Context()
	s.options.Edge.Log.InfoContext(ctx, "answer not delivered", "request", rest.RequestID(ctx), "party", "client")
	return true
}

// unrouted words what the router itself refuses.
func (s *Server) unrouted(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, code := http.StatusInternalServerError, "internal"
	var he *echo.HTTPError
	if errors.As(err, &he) {
		switch he.Code {
		case http.StatusNotFound:
			status, code = he.Code, "route.not_found"
		case http.StatusMethodNotAllowed:
			status, code = he.Code, "route.method_not_allowed"
		}
	}
	rest.NewProblem(c.Request().Context(), status, code).Write(c.Response())
}
