// Package observability makes the service's logs: one well-formed record per event, without personal data or secrets.
package observability

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
)

// forbidden are names of attributes that would carry what no log may hold; their values are cut out.
var forbidden = []string{"nik", "password", "token", "secret", "phone", "email", "address", "wage", "authorization",
	"cookie", "body"}

// NewLogger logs to w from a level on (debug, info, warn, error), as JSON or as text.
func NewLogger(w io.Writer, level string, text bool) *slog.Logger {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		least = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: least, ReplaceAttr: redact}
	if text {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// redact cuts out what has a forbidden name, or lies in a group of one: slog asks for the members of a group only.
func redact(groups []string, a slog.Attr) slog.Attr {
	if isForbidden(a.Key) || slices.ContainsFunc(groups, isForbidden) {
		return slog.String(a.Key, "[redacted]")
	}
	return a
}

func isForbidden(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(forbidden, func(word string) bool {
		return name == word ||
			strings.HasSuffix(name, "_"+word)
	})
}

// AtLeast is a logger that drops what is below a level.
func AtLeast(log *slog.Logger, least slog.Level) *slog.Logger {
	return slog.New(floor{log.Handler(), least})
}

type floor struct {
	slog.Handler
	least slog.Level
}

// Enabled implements slog.Handler.
func (f floor) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= f.least && f.Handler.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler.
func (f floor) WithAttrs(attrs []slog.Attr) slog.Handler {
	return floor{f.Handler.WithAttrs(attrs), f.least}
}

// WithGroup implements slog.Handler.
func (f floor) WithGroup(name string) slog.Handler { return floor{f.Handler.WithGroup(name), f.least} }
