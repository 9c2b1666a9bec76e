package lawbook

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Mend takes back the release at which the law of a database cannot be read, on nobody's behalf: no server starts on
// such a database, so no officer can. A release that can be read is left to two officers. base is the law without
// releases.
func Mend(ctx context.Context, store Store, base *Law, id uuid.UUID, reason string) (Release, error) {
	if strings.TrimSpace(reason) == "" {
		return Release{}, fault.New(fault.Invalid, "law.reason_required").At("reason")
	}
	op := authz.Op{Scope: authz.Everywhere()}
	return store.MoveRelease(ctx, op, id, func(r *Release, holding []Release) (Event, error) {
		if r.State == Withdrawn {
			return Event{}, fault.New(fault.Conflict, "law.withdrawn")
		}
		stuck, problem := base.stuck(holding)
		if problem == nil || stuck != r.ID {
			return Event{}, fault.New(fault.Conflict, "law.readable")
		}
		r.State = Withdrawn
		return Event{KindWithdrawn, struct {
			told
			Unreadable string `json:"unreadable"`
		}{told{r.Programme, r.Name, r.Effective, r.Digest(), reason}, problem.Error()}}, nil
	})
}

// stuck is the first release with which the law cannot be read any more, and why.
func (l *Law) stuck(holding []Release) (uuid.UUID, error) {
	for i := range holding {
		if _, err := l.With(holding[:i+1]...); err != nil {
			return holding[i].ID, err
		}
	}
	return uuid.Nil, nil
}
