package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// pagesOf are pages of the console, each with the routes of the API that it is made of.
var pagesOf = []struct {
	page string
	asks []string
}{
	{"/kasus/{case}", []string{"/v1/cases/{case}?entries=30", "/v1/cases/{case}/actions", "/v1/officers?limit=200"}},
	{"/kasus", []string{"/v1/cases", "/v1/cases/facets", "/v1/officers?limit=200"}},
	{"/tugas?officer=semua", []string{"/v1/work", "/v1/work/counts"}},
	{"/nasional", []string{"/v1/reports/stages?by=province", "/v1/reports/stages", "/v1/reports/load",
		"/v1/reports/layoffs?month={month}", "/v1/reports/funnel", "/v1/reports/funnel", "/v1/reports/time_to_placement",
		"/v1/reports/layoffs?by=month&year={year}"}},
}

// pageTurns is how often a page and its calls are asked for in turns.
const pageTurns = 15

// pages asks for each page in turns with what it is made of, and prints how much longer the page takes.
func (b *bench) pages(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	fmt.Printf("\n%-28s %10s %10s %10s %7s   (goal: at most 1.25)\n", "page", "viewer", "page", "its calls", "ratio")
	for _, viewer := range viewers[1:] { // those who have cases
		token, err := b.server.signIn(viewer.mail, b.data.secret)
		if err != nil {
			return err
		}
		values, err := fill(ctx, conn, b.data.areas()[viewer.mail])
		if err != nil {
			return err
		}
		for _, p := range pagesOf {
			page, calls, err := b.beside(ctx, token, values, p.page, p.asks)
			if err != nil {
				return err
			}
			fmt.Printf("%-28s %10s %8.1fms %8.1fms %7.2f\n", p.page, viewer.name, ms(page), ms(calls), ms(page)/ms(calls))
		}
	}
	return nil
}

// beside gives the median of a page and of all its calls, one after the other.
func (b *bench) beside(ctx context.Context, token string, values *strings.Replacer, page string, asks []string) (whole,
	parts time.Duration, err error) {
	var pages, calls []time.Duration
	for range pageTurns {
		started := wall.Now()
		if err := b.server.visit(ctx, token, values.Replace(page)); err != nil {
			return 0, 0, err
		}
		pages = append(pages, wall.Now().Sub(started))
		started = wall.Now()
		for _, path := range asks {
			status, err := b.server.ask(ctx, token, values.Replace(path), "")
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("answered %d", status)
			}
			if err != nil {
				return 0, 0, fmt.Errorf("ask %s: %w", path, err)
			}
		}
		calls = append(calls, wall.Now().Sub(started))
	}
	slices.Sort(pages)
	slices.Sort(calls)
	return pages[pageTurns/2], calls[pageTurns/2], nil
}

// visit reads a page of the console as the holder of a session.
func (s *server) visit(ctx context.Context, token, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Cookie", "__Host-sesi="+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("visit: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("answered %s", resp.Status)
	}
	if err != nil {
		return fmt.Errorf("visit %s: %w", path, err)
	}
	return nil
}
