package main

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// spare are the indexes that no constraint needs: a load is much faster without them.
const spare = `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
	join pg_class t on t.oid = i.indrelid
	where t.relnamespace = 'public'::regnamespace and t.relname not like 'bench%' and not i.indisprimary
		and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`

// dropIndexes puts the indexes away and keeps how they were made.
func dropIndexes(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx,
		"insert into bench_index select definition from ("+spare+") x on conflict do nothing"); err != nil {
		return err
	}
	return each(ctx, conn, "select 'drop index ' || name from ("+spare+") x")
}

// makeIndexes makes again those that are away.
func makeIndexes(ctx context.Context, conn *pgx.Conn) error {
	return each(ctx, conn,
		"select definition from bench_index where definition not in (select definition from ("+spare+") x) order by 1")
}

// each runs the statements that a query gives.
func each(ctx context.Context, conn *pgx.Conn, query string) error {
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
