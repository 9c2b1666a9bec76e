//go:build journeys

// Package journeys_test walks through the console as people do: a real browser in front of the real program, which runs
// on a database of its own. `make journeys` runs it and prints what it saw.
package journeys_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var (
	office *server
	chrome context.Context
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

// run lends every test the same browser and the same office.
func run(m *testing.M) int {
	ctx, cancel := context.WithTimeout(context.Background(), 14*time.Minute)
	defer cancel()
	if err := prepare(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "journeys:", err)
		return 1
	}
	defer office.stop()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { // whoever gives up leaves no program behind
		<-signals
		office.stop()
		os.Exit(1)
	}()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.DisableGPU, chromedp.Flag("lang", "id"))
	if path := chromium(); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocated, end := chromedp.NewExecAllocator(ctx, options...)
	defer end()
	first, end := chromedp.NewContext(allocated)
	defer end()
	chrome = first
	if err := chromedp.Do(chrome, chromedp.Navigate("about:blank")); err != nil {
		fmt.Fprintln(os.Stderr, "journeys: start the browser:", err)
		return 1
	}
	code := m.Run()
	if err := seen.write(); err != nil {
		fmt.Fprintln(os.Stderr, "journeys: write the report:", err)
		return 1
	}
	return code
}

// prepare starts the office and makes room for the pictures.
func prepare(ctx context.Context) error {
	if err := os.RemoveAll(pictures); err != nil {
		return fmt.Errorf("remove the pictures of the last run: %w", err)
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		return fmt.Errorf("make a folder for pictures: %w", err)
	}
	if err := readAxe(); err != nil {
		return err
	}
	var err error
	office, err = start(ctx)
	return err
}

// Where things lie, seen from this folder.
const (
	program  = "../../bin/tanggap"
	cache    = "../../.cache/journeys"
	pictures = cache + "/pictures"
)

// chromium is the browser that was named or is there; without one chromedp looks where others put theirs.
func chromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func absolute(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return full
}
