package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// example is one call of a list: a path with its parameters, and the body of a search. {case}, {layoff} and the like
// stand for what the caller may see.
type example struct{ path, body string }

// gets makes examples of paths.
func gets(paths ...string) (list []example) {
	for _, path := range paths {
		list = append(list, example{path: path})
	}
	return list
}

// examples are calls of every route that reads, by its operation: each filter once, the wide ones, and what occurs
// together. A route that reads and is neither here nor in unmeasured fails the benchmark.
var examples = map[string][]example{
	"access-list": gets("/v1/access?case={case}", "/v1/access?officer={officer}",
		"/v1/access?officer={officer}&from={yesterday}T00:00:00Z",
		"/v1/access?officer={officer}&from={quarter}T00:00:00Z&until={month-ago}T00:00:00Z"),
	"access-seen": gets("/v1/access/seen?officer={officer}"), "access-alarms": gets("/v1/access/alarms"),
	"case-list": gets("/v1/cases", "/v1/cases?limit=200", "/v1/cases?stage=intake", "/v1/cases?stage=closed",
		"/v1/cases?officer={officer}", "/v1/cases?officer={officer}&stage=training", "/v1/cases?office={office}",
		"/v1/cases?office={office}&stage=benefit", "/v1/cases?overdue=true", "/v1/cases?overdue=true&stage=benefit",
		"/v1/cases?updated_since={today}T00:00:00Z", "/v1/cases?updated_since={yesterday}T00:00:00Z",
		"/v1/cases?updated_since={quarter}T00:00:00Z", "/v1/cases?updated_since=2020-01-01T00:00:00Z",
		"/v1/cases?updated_since={yesterday}T00:00:00Z&stage=closed", "/v1/cases?layoff={layoff}",
		"/v1/cases?sort=due", "/v1/cases?sort=updated", "/v1/cases?sort=name", "/v1/cases?sort=opened&stage=intake",
		"/v1/cases?due=overdue,today&sort=due", "/v1/cases?claim=running&sort=name", "/v1/cases?officer=none&sort=due",
		"/v1/cases?layoff={layoff}&stage=closed"),
	"case-facets": gets("/v1/cases/facets", "/v1/cases/facets?officer={officer}", "/v1/cases/facets?due=overdue"),
	"case-file":   gets("/v1/cases/file?officer={officer}", "/v1/cases/file?office={office}&sort=due"),
	"case-counts": gets("/v1/cases/counts", "/v1/cases/counts?stage=closed", "/v1/cases/counts?officer={officer}",
		"/v1/cases/counts?office={office}", "/v1/cases/counts?overdue=true",
		"/v1/cases/counts?updated_since={yesterday}T00:00:00Z", "/v1/cases/counts?updated_since={quarter}T00:00:00Z",
		"/v1/cases/counts?layoff={layoff}"),
	"case-search": {{"/v1/cases/search", `{"name":"siti"}`}, {"/v1/cases/search", `{"name":"muhammad nurhaliza"}`},
		{"/v1/cases/search", `{"name":"togar simanjuntak"}`}, {"/v1/cases/search", `{"name":"sitti aminnah"}`},
		{"/v1/cases/search", `{"name":"wati"}`}, {"/v1/cases/search", `{"name":"qwertz"}`}, {"/v1/cases/search",
			`{"nik":"3273015708910003"}`}},
	"case-duplicates": gets("/v1/cases/{case}/duplicates"),
	"duplicate-list":  gets("/v1/duplicates", "/v1/duplicates?limit=200", "/v1/duplicates?region={office}"),
	"bulk-list":       gets("/v1/cases/bulk"),
	"label-list":      gets("/v1/labels"), "case-actions": gets("/v1/cases/{case}/actions"),
	"case-get": gets("/v1/cases/{case}"), "case-history": gets("/v1/cases/{case}/history"),
	"business-list": gets("/v1/cases/{case}/businesses"), "claim-list": gets("/v1/cases/{case}/claims"),
	"document-list": gets("/v1/cases/{case}/documents"),
	"finding-list-all": gets("/v1/findings", "/v1/findings?limit=200", "/v1/findings?state=open",
		"/v1/findings?region={office}", "/v1/findings?severity=major"),
	"officer-load":    gets("/v1/officers/load", "/v1/officers/load?region={office}"),
	"office-load":     gets("/v1/offices/load", "/v1/offices/load?region={office}"),
	"officer-history": gets("/v1/officers/{officer}/history"), "session-list": gets("/v1/sessions"),
	"finding-list": gets("/v1/cases/{case}/findings"), "jobseeker-get": gets("/v1/cases/{case}/job-seeker"),
	"placement-list": gets("/v1/cases/{case}/placements"),
	"proposal-list":  gets("/v1/cases/{case}/proposals"), "response-list": gets("/v1/cases/{case}/responses"),
	"training-list": gets("/v1/cases/{case}/trainings"), "subject-report": gets("/v1/cases/{case}/subject-report"),
	"class-list": gets("/v1/classes", "/v1/classes?free=true", "/v1/classes?region={office}",
		"/v1/classes?from={today}"),
	"emergency-list": gets("/v1/emergencies",
		"/v1/emergencies?open=true"), "export-list": gets("/v1/exports"), "export-awaiting": gets("/v1/exports/awaiting"),
	"intake-list": gets("/v1/intakes",
		"/v1/intakes?limit=200"), "intake-get": gets("/v1/intakes/{intake}"),
	"intake-rows": gets("/v1/intakes/{intake}/rows", "/v1/intakes/{intake}/rows?status=reject"),
	"fair-list":   gets("/v1/job-fairs"), "fair-result": gets("/v1/job-fairs/{fair}"),
	"layoff-list": gets("/v1/layoffs", "/v1/layoffs?limit=200", "/v1/layoffs?state=reported",
		"/v1/layoffs?state=withdrawn", "/v1/layoffs?overdue=true", "/v1/layoffs?region={office}"),
	"layoff-get": gets("/v1/layoffs/{layoff}"), "layoff-clocks": gets("/v1/layoffs/{layoff}/clocks"),
	"layoff-history": gets("/v1/layoffs/{layoff}/history"),
	"match-worker":   gets("/v1/cases/{seeker}/matches"), "match-vacancy": gets("/v1/vacancies/{vacancy}/matches"),
	"officer-list": gets("/v1/officers",
		"/v1/officers?office={office}"), "officer-get": gets("/v1/officers/{officer}"), "office-list": gets("/v1/offices"),
	"region-list": gets("/v1/regions"), "law-list": gets("/v1/law"),
	"policy-explain": gets("/v1/policy/explanation?officer={officer}&action=case.read&case={case}"),
	"referral-list": gets("/v1/referrals", "/v1/referrals?direction=outgoing", "/v1/referrals?state=offered",
		"/v1/referrals?direction=outgoing&state=taken_back"),
	"report-list": gets("/v1/reports"), "report-get": reportExamples(),
	"retention-list": gets("/v1/retention"), "session-get": gets("/v1/session"),
	"log-checkpoint": gets("/v1/log/checkpoint"),
	"vacancy-list": gets("/v1/vacancies", "/v1/vacancies?limit=200", "/v1/vacancies?region={office}",
		"/v1/vacancies?region={office}&state=reported", "/v1/vacancies?state=reported", "/v1/vacancies?state=withdrawn",
		"/v1/vacancies?fair={fair}", "/v1/vacancies?fair={fair}&state=withdrawn", "/v1/vacancies?occupation=7",
		"/v1/vacancies?occupation=7531", "/v1/vacancies?occupation=7531&state=open", "/v1/vacancies?occupation=0110"),
	"vacancy-get": gets("/v1/vacancies/{vacancy}"),
	"work-list": gets("/v1/work", "/v1/work?limit=200", "/v1/work?kind=follow_up", "/v1/work?kind=month",
		"/v1/work?kind=placement_retention", "/v1/work?kind=certificate_renewal", "/v1/work?kind=proposal_answer",
		"/v1/work?officer={officer}", "/v1/work?region={office}", "/v1/work?until={today}"),
	"work-counts": gets("/v1/work/counts", "/v1/work/counts?officer={officer}", "/v1/work/counts?region={office}",
		"/v1/work/counts?kind=month", "/v1/work/counts?until={today}"),
	"work-reminders": gets("/v1/work/reminders"),
	"payment-list":   gets("/v1/payments"),
	"change-list": gets("/v1/changes", "/v1/changes?after=1000&limit=200", "/v1/changes?region={office}",
		"/v1/changes?kind=case.closed"),
	"webhook-list": gets("/v1/webhooks"), "log-checks": gets("/v1/log/checks"), "sample-list": gets("/v1/samples"),
	"mail-get":   gets("/v1/session/mail"),
	"queue-list": gets("/v1/queues"), "void-list": gets("/v1/voids"),
}

func reportExamples() (list []example) {
	for _, definition := range []string{"disnaker_reports", "workers", "jkp_participants"} {
		for _, more := range []string{"month={month}", "month={month}&measure=year_to_date", "year={year}&by=regency",
			"year={year}&by=province,month"} {
			list = append(list, example{path: "/v1/reports/layoffs?definition=" + definition + "&" + more})
		}
	}
	for _, path := range []string{"stages", "funnel?year={year}", "claims?by=month", "providers", "outcomes?by=officer",
		"stages?by=employer", "funnel?by=sector", "stages?from={quarter}&until={today}", "outcomes?format=svg",
		"stages?format=xlsx&by=regency", "prevention?from={january}&until={today}", "matching", "referrals",
		"load?by=officer", "load?by=province"} {
		list = append(list, example{path: "/v1/reports/" + path})
	}
	return list
}

// unmeasured are the routes that read and are no list: streams, files, proofs, and what a load has none of.
var unmeasured = []string{"bulk-get", "bulk-cases", "bulk-file", "case-rights", "case-rights-sheet", "document-get",
	"document-content",
	"claim-assess", "export-get", "export-file", "intake-events", "intake-report",
	"webhook-get", "law-get", "log-consistency", "matching-get", "referral-get", "sample-get"}

// operation is a route of the server.
type operation struct{ method, path, id string }

// reads says whether a route shows something: all that is got, and searching.
func (o operation) reads() bool { return o.method == "get" || o.id == "case-search" }

// missing are the routes that read and have no example.
func missing(all []operation) (list []string) {
	for _, o := range all {
		if strings.HasPrefix(o.path, "/v1/") && o.reads() && examples[o.id] == nil && !slices.Contains(unmeasured, o.id) {
			list = append(list, o.id)
		}
	}
	return list
}

// placeholders are read from what is loaded: things of an area, big ones where they differ.
var placeholders = map[string]string{
	"case":   "select id::text from cases where AREA order by md5(id::text) limit 1",
	"seeker": "select case_id::text from job_wish where AREA order by md5(case_id::text) limit 1",
	"layoff": "select layoff_id::text from cases where AREA and layoff_id is not null " +
		"group by 1 order by count(*) " +
		"desc, 1 limit 1",
	"officer": "select officer_id::text from cases where AREA and officer_id is not null " +
		"group by 1 order by " +
		"count(*) desc, 1 limit 1",
	"office": "select region from cases where AREA group by 1 order by count(*) desc, 1 limit 1",
	"intake": "select id::text from intake where AREA order by id limit 1",
	"fair": "select fair_id::text from vacancy where fair_id is not null " +
		"group by 1 order by count(*) desc, 1 limit 1",
	"vacancy":   "select id::text from vacancy where state = 'open' order by md5(id::text) limit 1",
	"today":     "select day::text from bench_load",
	"yesterday": "select (day - 1)::text from bench_load",
	"month-ago": "select (day - 30)::text from bench_load",
	"quarter":   "select (day - 90)::text from bench_load",
	"january":   "select to_char(day, 'YYYY-01-01') from bench_load",
	"year":      "select to_char(day, 'YYYY') from bench_load",
	"month":     "select to_char(day, 'YYYY-MM') from bench_load",
}

// fill gives the placeholders of an area their values; those that it has nothing for stay.
func fill(ctx context.Context, conn *pgx.Conn, area string) (*strings.Replacer, error) {
	var pairs []string
	for name, query := range placeholders {
		var value string
		err := conn.QueryRow(ctx, strings.ReplaceAll(query, "AREA", "starts_with(region, '"+area+"')")).Scan(&value)
		if errors.Is(err, pgx.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("example of %s in %q: %w", name, area, err)
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...), nil
}
