package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/feed"
	"github.com/tanggap/tanggap/pkg/region"
)

type changesIn struct {
	After  rest.Param[int64]  `query:"after" minimum:"0" doc:"The next of the answer before: places of the log up to it are known. From the beginning when left out"`
	Limit  int                `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Changes at most"`
	Region rest.Param[string] `query:"region" maxLength:"4"`
	Kind   rest.Param[string] `query:"kind" pattern:"^[a-z_]+\\.[a-z_]+$" patternDescription:"a kind of history entry" maxLength:"60" doc:"Of entries, such as case.opened"`
	Wait   rest.Param[int]    `query:"wait" minimum:"0" maximum:"25" doc:"Seconds to wait for a change when there is none"`
}

// Changes are a stretch of the log, with the entries in it that are the caller's.
type Changes struct {
	Items []feed.Change `json:"items" nullable:"false"`
	Next  *int64        `json:"next,omitempty" doc:"Ask with it as after. Left out while the log is empty"`
	More  bool          `json:"more" doc:"The log goes on: ask again at once, also when items is empty"`
}

type changesOut struct {
	Body Changes
}

// The wait for a change: how often the log is looked at, and how long the answer may take altogether.
const (
	lookAgain = 500 * time.Millisecond
	waitMost  = 30 * time.Second
)

func registerChanges(e *rest.API, s Services) {
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/changes", ID: "change-list", Tag: "changes",
		Summary: "What changed, in the order of the log, for other systems that follow",
		Description: "Every entry of the published histories of cases and layoffs that lie in your regions now, each once. " +
			"Within seconds of its writing an entry has its place in the log. Places that are not shown are not yours.",
		Action: authz.ChangesRead, Work: waitMost, Timeout: 2 * waitMost},
		func(ctx context.Context, in *changesIn) (*changesOut, error) { return followChanges(ctx, e, s, in) })
}

// followChanges reads a page, and while there is nothing to tell waits for as long as it is asked to. The rights are
// asked for again at each look.
func followChanges(ctx context.Context, e *rest.API, s Services, in *changesIn) (*changesOut, error) {
	code, err := regionIn(s.Tree, in.Region, "region")
	if err != nil {
		return nil, err
	}
	until := time.NewTimer(waitOf(in.Wait))
	defer until.Stop()
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for scope := rest.Scope(ctx); ; {
		page, err := s.changesIn(ctx, scope, code, in)
		if err != nil || len(page.Items) > 0 || page.More() {
			return pageOfChanges(page), err
		}
		select {
		case <-until.C:
			return pageOfChanges(page), nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-look.C:
		}
		if scope, err = e.Again(ctx); err != nil {
			return nil, err
		}
	}
}

func waitOf(p rest.Param[int]) time.Duration {
	if seconds := p.Get(); seconds != nil {
		return time.Duration(*seconds) * time.Second
	}
	return 0
}

// changesIn reads a page of what of the scope lies in a region.
func (s Services) changesIn(ctx context.Context, scope authz.Scope, code *region.Code,
	in *changesIn) (feed.Page, error) {
	if code != nil {
		if scope = scope.Intersect(*code); scope.Empty() {
			return feed.Page{}, fault.New(fault.Forbidden, "changes.region_out_of_scope").At("region")
		}
	}
	f := feed.Filter{Limit: in.Limit}
	if after := in.After.Get(); after != nil {
		f.From = *after + 1
	}
	if kind := in.Kind.Get(); kind != nil {
		f.Kind = *kind
	}
	return s.Changes.Changes(ctx, scope, f)
}

func pageOfChanges(p feed.Page) *changesOut {
	out := &changesOut{Body: Changes{Items: p.Items, More: p.More()}}
	if out.Body.Items == nil {
		out.Body.Items = []feed.Change{}
	}
	if p.Place > 0 {
		last := p.Place - 1
		out.Body.Next = &last
	}
	return out
}
