# Tanggap. `make` lists the targets; each works in a fresh clone that has Go and make.

SHELL      := /bin/bash
GO         ?= go
BIN        := bin/tanggap
TOOLS      := -modfile=.tools/go.mod
BENCH_ARGS ?=
# Stamp the commit into the program where git can tell it: not in a checkout that belongs to somebody else.
STAMP      := -buildvcs=$(shell git status --porcelain >/dev/null 2>&1 && echo true || echo false)

.DEFAULT_GOAL := help
.PHONY: python help run test test-short race bench journeys lint vuln build postgres generate verify mutate fmt
PURE       := assessment audit authz calendar casework cover fault identity jkp layoff money officer page prakerja region rule severance severancetax simulation statistics termination thr track wagesubsidy

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: postgres build ## build and start everything, with a small demo office
	@exec ./$(BIN) serve --demo

test: postgres python ## vet and run all tests
	$(GO) vet ./...
	$(GO) test -timeout 15m ./...

test-short: ## vet and run the tests of the rules and lifecycles, which need no database: the inner loop
	$(GO) vet ./...
	$(GO) test $(PURE:%=./pkg/%)

race: postgres ## run all tests but the longest walks with the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -timeout 40m -skip 'Oracle|TenFailovers|ForLongLosesNothing' ./...

bench: postgres ## measure against a private database (BENCH_ARGS="--help" lists what can be set)
	$(GO) run $(STAMP) ./cmd/bench $(BENCH_ARGS)

# What is missing is installed; nothing is skipped. The report names the folder of the pictures.
journeys: postgres build ## walk through the console in a real browser, as its people do (installs chromium where there is none)
	@bash .tools/journeys
	@$(GO) test -tags journeys -count=1 -timeout 15m -parallel 2 ./api/journeys; status=$$?; \
	cat .cache/journeys/report.txt; exit $$status

build: ## build bin/tanggap
	@mkdir -p $(dir $(BIN))
	$(GO) build -trimpath $(STAMP) -o $(BIN) ./cmd/tanggap

# The first run builds golangci-lint from source: about two minutes. Its modules are kept apart in .tools/go.mod.
lint: ## run the linters; any finding fails
	@if $(GO) tool $(TOOLS) golangci-lint version >/dev/null; then \
		exec $(GO) tool $(TOOLS) golangci-lint run; \
	fi; \
	echo "make lint: golangci-lint could not be built (see above; it needs a module proxy); running go vet only" >&2; \
	exec $(GO) vet ./...

vuln: ## look for known vulnerabilities, where their database can be reached
	@db=$${GOVULNDB:-https://vuln.go.dev}; \
	if ! curl --silent --fail --max-time 10 --output /dev/null "$$db/index/db.json"; then \
		echo "make vuln: skipped, the vulnerability database $$db cannot be reached" >&2; exit 0; \
	fi; \
	exec $(GO) tool $(TOOLS) govulncheck ./...

# Looks where pkg/localpg looks. A version that is installed is left alone, whatever it is, from 15 up.
postgres: ## install the PostgreSQL server programs where there are none
	@bash .tools/postgres

# The second verifier of exports is in Python; its tests run it.
python:
	@command -v python3 >/dev/null || { echo "the tests need python3: apt-get install python3" >&2; exit 1; }

generate: postgres ## write all generated files anew: the API's description, tables of the policy, the schema's structure
	$(GO) generate ./pkg/track ./api/v1
	$(GO) generate ./...

verify: postgres ## fail when formatting or generated files are out of date
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not gofmt-ed (make fmt):" $$unformatted >&2; exit 1; fi
	$(GO) mod verify
	@before=$$(git diff | git hash-object --stdin); \
	$(GO) generate ./... || exit 1; \
	after=$$(git diff | git hash-object --stdin); \
	if [ "$$before" != "$$after" ]; then git diff --stat; echo "generated files were out of date: commit them" >&2; exit 1; fi

# Each planted fault is a build and a run of the tests of its package, about a second: half an hour for all of them.
# MUTATE="jkp track" narrows it down. Checks and debug data that no fault needs are left out of the builds.
MUTATE     ?= $(PURE)
mutate: ## plant small faults in the pure packages, one by one, and print the share that their tests find
	@set -o pipefail; for p in $(MUTATE); do \
		GOFLAGS="$$GOFLAGS -vet=off -ldflags=-w" $(GO) tool $(TOOLS) gremlins unleash --timeout-coefficient 10 \
			./pkg/$$p | sed -n "s/^Killed: \(.*\), Lived: \(.*\), Not covered: \(.*\)/$$p \1 \2 \3/p" || exit 1; \
	done | awk 'function line(p, k, l, n) { printf "%-12s %5.1f %% of %4d found, %3d not reached\n", p, \
			100 * k / (k + l + !(k + l)), k + l, n; fflush() } \
		{ line($$1, $$2, $$3, $$4); k += $$2; l += $$3; n += $$4 } END { line("all", k, l, n) }'

fmt: ## format the Go code
	gofmt -w $$(git ls-files '*.go')
