package v1

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/translog"
)

// Log is the published log over all histories.
type Log interface {
	// Checkpoint is the newest published one, as it was signed, that is not larger than most; 0 is no limit.
	Checkpoint(ctx context.Context, most int64) (signed string, err error)
	// Consistency proves that the log of size to begins with the log of size from.
	Consistency(ctx context.Context, from, to int64) ([][32]byte, error)
	// Checks are the last verifications of the whole database, newest first.
	Checks(ctx context.Context) ([]translog.Check, error)
}

// LogCheck is one verification of the whole database against what was published.
type LogCheck struct {
	CheckedAt   time.Time       `json:"checked_at"`
	CheckedBy   string          `json:"checked_by" doc:"Account and machine of whoever gave the command"`
	Result      translog.Answer `json:"result"`
	Entries     int64           `json:"entries" doc:"Entries of histories in the database"`
	Checkpoints int64           `json:"checkpoints" doc:"Published checkpoints that they were held against"`
}

type checksOut struct {
	Body struct {
		Items []LogCheck `json:"items" nullable:"false"`
	}
}

type checkpointOut struct {
	Body struct {
		Key        string `json:"key" doc:"Public key that verifies the checkpoint; compare it with the one you were given on paper"`
		Checkpoint string `json:"checkpoint" doc:"Signed text: name of the log, entries, root (base64), instant. Empty before the first"`
	}
}

type consistencyIn struct {
	From int64 `query:"from" required:"true" minimum:"1"`
	To   int64 `query:"to" required:"true" minimum:"1"`
}

type consistencyOut struct {
	Body struct {
		Proof []string `json:"proof" nullable:"false" doc:"Hashes (base64), as in RFC 6962 section 2.1.2"`
	}
}

func registerLog(e *rest.API, s Services) {
	const tag = "history"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/log/checkpoint", ID: "log-checkpoint", Tag: tag,
		Summary: "Newest signed checkpoint of the log over all histories", Public: true},
		func(ctx context.Context, _ *struct{}) (*checkpointOut, error) {
			signed, err := s.Log.Checkpoint(ctx, 0)
			out := &checkpointOut{}
			out.Body.Key, out.Body.Checkpoint = s.LogKey, signed
			return out, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/log/checks", ID: "log-checks", Tag: tag,
		Summary:     "Last verifications of the whole database, by whom, and what came of them",
		Description: "`tanggap verify` without a file writes them. A note for people and no proof.",
		Action:      authz.ExportCreate},
		func(ctx context.Context, _ *struct{}) (*checksOut, error) {
			list, err := s.Log.Checks(ctx)
			out := &checksOut{}
			out.Body.Items = listed(list, func(c translog.Check) LogCheck {
				return LogCheck{c.At, c.By, c.Answer, c.Entries, c.Checkpoints}
			})
			return out, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/log/consistency", ID: "log-consistency", Tag: tag,
		Summary: "Proof that the log of one size begins with that of a smaller one", Public: true},
		func(ctx context.Context, in *consistencyIn) (*consistencyOut, error) {
			if in.From > in.To {
				return nil, fault.New(fault.Invalid, "log.sizes").At("from")
			}
			proof, err := s.Log.Consistency(ctx, in.From, in.To)
			if err != nil {
				return nil, fault.New(fault.Invalid, "log.sizes").At("to").Because(err)
			}
			out := &consistencyOut{}
			out.Body.Proof = make([]string, len(proof))
			for i, h := range proof {
				out.Body.Proof[i] = base64.StdEncoding.EncodeToString(h[:])
			}
			return out, nil
		})
}
