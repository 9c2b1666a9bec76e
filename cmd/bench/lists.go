package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Each list is called so often by each officer, and not again when it has taken so long already.
const (
	listCalls = 5
	listTime  = 3 * time.Second
)

// viewers are who calls the lists, from the one who sees least.
var viewers = []struct{ name, mail string }{{"thinnest", thinMail}, {"regency", regionMail}, {"province",
	provinceMail}, {"nation", nationMail}}

// listed is how quickly one example was answered, for every viewer.
type listed struct {
	name       string
	p50, worst [4]time.Duration
	status     [4]int
}

func (l listed) slowest() time.Duration { return slices.Max(l.worst[:]) }

// lists calls every list, count and search of the API as officers of the thinnest and of the busiest regency, of a
// province and of the nation, and prints the slowest on top.
func (b *bench) lists(ctx context.Context) error {
	all, err := b.server.operations(ctx)
	if err != nil {
		return err
	}
	if left := missing(all); len(left) > 0 {
		return fmt.Errorf("no example in examples.go of %s", strings.Join(left, ", "))
	}
	var tokens [4]string
	for i, viewer := range viewers {
		if tokens[i], err = b.server.signIn(viewer.mail, b.data.secret); err != nil {
			return err
		}
	}
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	results := map[string]*listed{}
	for i, viewer := range viewers {
		token := tokens[i]
		values, err := fill(ctx, conn, b.data.areas()[viewer.mail])
		if err != nil {
			return err
		}
		for _, list := range examples {
			for _, e := range list {
				name := e.path + " " + e.body
				if !b.Lists.MatchString(name) {
					continue
				}
				if results[name] == nil {
					results[name] = &listed{name: name}
				}
				if err := b.callOften(ctx, token, values, e, results[name], i); err != nil {
					return err
				}
			}
		}
	}
	return printLists(results)
}

// callOften calls one example as one viewer.
func (b *bench) callOften(ctx context.Context, token string, values *strings.Replacer, e example, into *listed,
	viewer int) error {
	path := values.Replace(e.path)
	if strings.Contains(path, "{") {
		return nil // nothing of the kind is in the area
	}
	var times []time.Duration
	for begin := wall.Now(); len(times) < listCalls && wall.Now().Sub(begin) < listTime; {
		started := wall.Now()
		status, err := b.server.ask(ctx, token, path, e.body)
		if err != nil {
			return err
		}
		times = append(times, wall.Now().Sub(started))
		into.status[viewer] = max(into.status[viewer], status)
	}
	slices.Sort(times)
	into.p50[viewer], into.worst[viewer] = times[len(times)/2], times[len(times)-1]
	return nil
}

// ask sends a request and reads the whole answer.
func (s *server) ask(ctx context.Context, token, path, body string) (status int, err error) {
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+s.address+path, strings.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, fmt.Errorf("call: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// operations asks the server for its routes.
func (s *server) operations(ctx context.Context) (list []operation, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+"/openapi.json", nil)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask for the routes: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	var doc struct {
		Paths map[string]map[string]struct {
			ID string `json:"operationId"`
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		return nil, fmt.Errorf("read the routes: %w", err)
	}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			list = append(list, operation{method, path, o.ID})
		}
	}
	return list, nil
}

// printLists prints the slowest on top; an answer that is no success fails.
func printLists(results map[string]*listed) error {
	var list []listed
	for _, l := range results {
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b listed) int {
		return cmp.Or(cmp.Compare(b.slowest(), a.slowest()), cmp.Compare(a.name, b.name))
	})
	fmt.Printf("\n%-90s", "list, count or search: p50/worst in ms")
	for _, viewer := range viewers {
		fmt.Printf(" %15s", viewer.name)
	}
	fmt.Println()
	failed := 0
	for _, l := range list {
		fmt.Printf("%-90s", l.name)
		for i := range viewers {
			said := fmt.Sprintf("%.1f/%.1f", ms(l.p50[i]), ms(l.worst[i]))
			switch l.status[i] {
			case 0:
				said = "none there"
			case http.StatusOK:
			default:
				said, failed = fmt.Sprintf("%d after %.0f", l.status[i], ms(l.worst[i])), failed+1
			}
			fmt.Printf(" %15s", said)
		}
		fmt.Println()
	}
	if failed > 0 {
		return errors.New(fmt.Sprint(failed) + " lists, counts or searches were not answered")
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
