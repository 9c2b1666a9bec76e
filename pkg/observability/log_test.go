package observability_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/observability"
)

const secret = "3273010101900001"

// Whatever an attribute of a forbidden name holds, and however it comes into the record, is not written.
func TestForbiddenAttributesAreCutOut(t *testing.T) {
	t.Parallel()
	names := []string{"nik", "password", "token", "secret", "phone", "email", "address", "wage", "authorization", "cookie",
		"body"}
	for _, word := range names {
		for _, key := range []string{word, strings.ToUpper(word), "worker_" + word, "Worker_" + word} {
			for way, log := range map[string]func(*slog.Logger){
				"beside the message":     func(l *slog.Logger) { l.Info("m", key, secret) },
				"not a text":             func(l *slog.Logger) { l.Info("m", key, []string{secret}) },
				"in a group":             func(l *slog.Logger) { l.Info("m", slog.Group("of", slog.String(key, secret))) },
				"in a group of its name": func(l *slog.Logger) { l.Info("m", slog.Group(key, slog.String("value", secret))) },
				"kept by the logger":     func(l *slog.Logger) { l.With(key, secret).Info("m") },
				"below a group":          func(l *slog.Logger) { l.WithGroup("of").Info("m", key, secret) },
				"below a group of it":    func(l *slog.Logger) { l.WithGroup(key).Info("m", "value", secret) },
			} {
				for _, text := range []bool{false, true} {
					var out bytes.Buffer
					log(observability.NewLogger(&out, "info", text))
					if strings.Contains(out.String(), secret) || !strings.Contains(out.String(), "[redacted]") {
						t.Errorf("%s %s: %s", key, way, out.String())
					}
				}
			}
		}
	}
}

// What only looks like it is written as it is: a log that hides everything helps nobody.
func TestOtherAttributesStay(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"unik", "wages", "tokens", "nik_hash", "embody", "code", "request"} {
		var out bytes.Buffer
		observability.NewLogger(&out, "info", false).Info("m", key, "kept")
		var record map[string]any
		if err := json.Unmarshal(out.Bytes(), &record); err != nil || record[key] != "kept" || record["msg"] != "m" {
			t.Errorf("%s: %s %v", key, out.String(), err)
		}
	}
}

func TestALevelIsTheLeastThatIsWritten(t *testing.T) {
	t.Parallel()
	levels := []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}
	for name, least := range map[string]int{"debug": 0, "info": 1, "warn": 2, "error": 3, "WARN": 2, "": 1, "loud": 1} {
		for i, level := range levels {
			var out bytes.Buffer
			observability.NewLogger(&out, name, i%2 == 0).Log(t.Context(), level, "m")
			if written := out.Len() > 0; written != (i >= least) {
				t.Errorf("%s at %q: written %t", level, name, written)
			}
		}
	}
}

// A floor stays under whatever is made of the logger, and is never lower than the logger's own level.
func TestAFloorStays(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := observability.AtLeast(observability.NewLogger(&out, "info", false), slog.LevelWarn)
	for _, l := range []*slog.Logger{log, log.With("a", 1), log.WithGroup("g"), log.With("a", 1).WithGroup("g").With("b",
		2)} {
		if l.Info("m"); out.Len() > 0 {
			t.Errorf("written below the floor: %s", out.String())
		}
		if l.Warn("m"); out.Len() == 0 {
			t.Error("what is at the floor is not written")
		}
		out.Reset()
	}
	if observability.AtLeast(observability.NewLogger(&out, "error", false), slog.LevelDebug).Warn("m"); out.Len() > 0 {
		t.Errorf("a floor made the logger louder: %s", out.String())
	}
}
