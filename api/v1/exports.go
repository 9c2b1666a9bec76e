package v1

import (
	"bufio"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/api/edge"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
)

type exportIn struct {
	Format string `query:"format" enum:"csv,jsonl" default:"csv"`
	Region string `query:"region" maxLength:"4" doc:"A part of my scope; all of it by default"`
}

var exportTypes = map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}

// exportTime bounds an export; a client that reads too slowly for it is cut off, and sees a broken transfer.
const exportTime = 30 * time.Minute

func registerExports(e *edge.Edge, s Services) {
	edge.Register(e, edge.Route{Method: http.MethodGet, Path: "/v1/history/export", ID: "history-export", Tag: "history", Summary: "Case histories of a region, as one snapshot",
		Description: "Streamed. The last line vouches for all before it; a file without it is not whole. `tanggap verify FILE` proves that nothing was changed.",
		Action:      authz.HistoryExport, Timeout: exportTime, Produces: "text/csv"}, func(ctx context.Context, in *exportIn) (*huma.StreamResponse, error) {
		code, err := regionOf(s.Tree, in.Region, "region")
		if err != nil {
			return nil, err
		}
		return export(e, s, edge.Scope(ctx), casework.Export{Format: in.Format, Region: code, Requester: edge.Caller(ctx).Officer}), nil
	})
}

// export streams until it is done or fails. After the first byte an error can no longer be told: the connection is broken
// off, so that a part is never mistaken for the whole.
func export(e *edge.Edge, s Services, scope authz.Scope, x casework.Export) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		name := "riwayat-" + regionName(x.Region) + "." + x.Format
		hc.SetHeader("Content-Type", exportTypes[x.Format])
		hc.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		out := bufio.NewWriterSize(hc.BodyWriter(), 64<<10)
		err := s.Cases.Export(hc.Context(), scope, x, out)
		if err == nil {
			err = out.Flush()
		}
		if err != nil {
			e.Log.ErrorContext(hc.Context(), "export broke off", "request", edge.RequestID(hc.Context()), "error", err)
			panic(http.ErrAbortHandler)
		}
	}}
}

func regionName(code region.Code) string {
	if code == "" {
		return "semua"
	}
	return string(code)
}
