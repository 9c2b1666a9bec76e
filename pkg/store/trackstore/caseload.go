package trackstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/simulation"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

const selectClaims = `select cl.id, cl.case_id, cl.region, cl.facts, coalesce(cl.decided_on, cl.applied_on),
	cl.stopped_on, cl.stop_reason,
	array(select m.n from claim_month m where m.claim_id = cl.id and m.state = 'missed' order by m.n), c.worker_id,
	w.sealed, k.data_key
	from (select * from claim where id > $1 order by id limit $2) cl
	join cases c on c.id = cl.case_id ` + casestore.PersonOf + ` join worker k on k.id = c.worker_id
	order by cl.id`

// Claims reads up to limit claims of the whole country after the given one, oldest first, as the simulation takes them:
// without names or NIKs, with the wage opened. A worker whose data was erased has no wage and is left out. The id is
// that of the last claim looked at; it is the given one when none was left.
func (s *Tracks) Claims(ctx context.Context, after uuid.UUID, limit int) ([]simulation.Claim, uuid.UUID, error) {
	var out []simulation.Claim
	err := s.Read(ctx, authz.Everywhere(), func(b *pgx.Batch) { b.Queue(selectClaims, after, limit) },
		func(r pgx.BatchResults) error {
			rows, err := r.Query()
			if err != nil {
				return err
			}
			var (
				id, worker       uuid.UUID
				of               casework.ID
				code, facts, why string
				decided, stopped pgtype.Date
				missed           []int
				sealed, wrapped  []byte
				places           = []any{&id, (*[16]byte)(&of), &code, &facts, &decided, &stopped, &why, &missed, &worker, &sealed,
					&wrapped}
			)
			_, err = pgx.ForEachRow(rows, places, func() error {
				after = id
				if wrapped == nil {
					return nil
				}
				c := simulation.Claim{Province: region.Code(code).Province(), DecidedOn: store.DateOf(decided),
					StopOn: store.DateOf(stopped), StopWith: jkp.StopReason(why), Missed: missed}
				if err := json.Unmarshal([]byte(facts), &c.Facts); err != nil {
					return fmt.Errorf("read facts of claim %s: %w", id, err)
				}
				var f casework.Detail
				f.ID, f.WorkerID = of, worker
				if err := s.cases.Unseal(&f, nil, sealed, wrapped); err != nil {
					return err
				}
				c.Wage = f.Person.Wage.Reveal()
				out, missed = append(out, c), nil
				return nil
			})
			return err
		})
	return out, after, err
}
