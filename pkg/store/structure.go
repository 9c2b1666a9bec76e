package store

import (
	"context"
	_ "embed"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed structure.sql
var structureQuery string

// committed is the structure that the migrations make, written by a test; one thing per line.
//
//go:embed structure.txt
var committed string

// committedOn is the major version of the PostgreSQL that worded structure.txt. Another one may word a definition
// differently, so that only what is missing or has come is certain there.
const committedOn = 15

// thing is one part of the structure.
type thing struct{ kind, name, definition string }

func (t thing) String() string { return t.kind + " " + t.name + ": " + t.definition }

// difference is a thing that is not as it is committed.
type difference struct {
	kind, name, what string
	grave            bool // it takes a guard away, or the program cannot run with it
}

func (d difference) String() string { return d.kind + " " + d.name + " " + d.what }

// optional are the kinds that an operator may add to, or take from, without harm to data or access.
var optional = struct{ added, missing []string }{
	added: []string{"index", "unique index", "relation", "row security", "column", "constraint", "other grant",
		"function"},
	missing: []string{"index"},
}

// describe reads the structure of a database.
func describe(ctx context.Context, q Queryer) ([]thing, error) {
	rows, err := q.Query(ctx, structureQuery)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t thing, err error) {
		err = row.Scan(&t.kind, &t.name, &t.definition)
		t.definition = strings.Join(strings.Fields(t.definition), " ")
		return t, err
	})
	slices.SortFunc(list, func(a, b thing) int { return strings.Compare(a.String(), b.String()) })
	return list, err
}

// differences holds a database against the committed structure.
func differences(ctx context.Context, q Queryer) ([]difference, error) {
	var major int
	if err := q.QueryRow(ctx, "select current_setting('server_version_num')::int / 10000").Scan(&major); err != nil {
		return nil, err
	}
	list, err := describe(ctx, q)
	if err != nil {
		return nil, err
	}
	return compare(parse(committed), list, major == committedOn), nil
}

func parse(text string) (list []thing) {
	for line := range strings.Lines(text) {
		head, definition, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		for _, kind := range kinds {
			if name, ok := strings.CutPrefix(head, kind+" "); ok {
				list = append(list, thing{kind, name, definition})
				break
			}
		}
	}
	return list
}

// ColumnsOf are the columns of a table as this release knows it, in the order of their names, with those of its primary
// key; none of a table that it does not know.
func ColumnsOf(table string) (names, key []string) {
	for _, t := range parse(committed) {
		if name, is := strings.CutPrefix(t.name, table+"."); is && t.kind == "column" {
			names = append(names, name)
		}
		if list, is := strings.CutPrefix(t.definition, "PRIMARY KEY ("); is && t.name == table+"."+table+"_pkey" {
			key = strings.Split(strings.TrimSuffix(list, ")"), ", ")
		}
	}
	slices.Sort(names)
	return names, key
}

// kinds are those of structure.sql; one that begins with another one stands before it.
var kinds = []string{"relation", "row security", "column", "constraint", "unique index", "index", "trigger",
	"switched off", "rule", "policy", "function", "grant", "other grant"}

func compare(want, got []thing, wordForWord bool) (list []difference) {
	there := make(map[thing]string, len(got)) // by kind and name
	for _, t := range got {
		there[thing{kind: t.kind, name: t.name}] = t.definition
	}
	for _, t := range want {
		key := thing{kind: t.kind, name: t.name}
		definition, ok := there[key]
		delete(there, key)
		switch {
		case !ok:
			list = append(list, difference{t.kind, t.name, "is missing", !slices.Contains(optional.missing, t.kind)})
		case definition != t.definition:
			grave := t.kind != "index" && (wordForWord || t.kind == "grant")
			list = append(list, difference{t.kind, t.name, "is " + definition, grave})
		}
	}
	for key, definition := range there {
		grave := !slices.Contains(optional.added, key.kind)
		list = append(list, difference{key.kind, key.name, "should not be there: " + definition, grave})
	}
	slices.SortFunc(list, func(a, b difference) int { return strings.Compare(a.String(), b.String()) })
	return list
}
