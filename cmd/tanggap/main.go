// Command tanggap is the layoff-response casework backend: one binary that serves the API, brings the database up to
// date, loads a demo office, takes employers' lists in, exports histories and proves that nothing in them was changed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/tanggap/tanggap/pkg/localpg"
)

// cli is every command with its flags; each flag has an environment variable.
type cli struct {
	Serve       serveCommand       `cmd:"" help:"Serve the API. Without TANGGAP_DATABASE_URL a private PostgreSQL is started beside it."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the database to the newest schema and load the reference data."`
	Demo        demoCommand        `cmd:"" help:"Add a small demo office and print its passwords, once."`
	Officer     officerCommand     `cmd:"" help:"Add an officer or give a code to set a password with, for the first administrator and for locked-out ones."`
	SignIn      signInCommand      `cmd:"" help:"Sign in to a running server and print the session token."`
	SetPassword setPasswordCommand `cmd:"" help:"Set a password of your own on a running server, with a one-time code."`
	Intake      intakeCommand      `cmd:"" help:"Upload an employer's list to a running server, show the report, and apply it with --apply."`
	Case        caseCommand        `cmd:"" help:"Look at cases on a running server."`
	Export      exportCommand      `cmd:"" help:"Order a file of case histories from a running server, wait for it and fetch it."`
	Unpack      unpackCommand      `cmd:"" help:"Open an exported file with its passphrase and lay its parts into a folder."`
	Verify      verifyCommand      `cmd:"" help:"Prove that an exported history, or the database itself, was not changed."`
	Keys        keysCommand        `cmd:"" help:"Change the keyset of the database on purpose."`
	Points      checkpointsCommand `cmd:"" name:"checkpoints" help:"Change the place of checkpoints on purpose."`
	Simulate    simulateCommand    `cmd:"" help:"What a draft of the JKP rules would cost and whom it would reach, on the claims of the database or on a synthetic caseload."`
	Assess      assessCommand      `cmd:"" help:"Ask the rules about workers of a file, or about the claim of a case: every criterion with its article, and the money."`
	Policy      policyCommand      `cmd:"" help:"Check parameter files of the law."`
	Law         lawCommand         `cmd:"" help:"Change the law of a running server, with four eyes."`
	Routes      routesCommand      `cmd:"" help:"Print every route of the API with the right that it needs."`
	Doctor      doctorCommand      `cmd:"" help:"Look for what would keep Tanggap from running here, and say what to do."`

	Lang string `env:"TANGGAP_LANG" default:"${lang}" enum:"id,en" help:"Language of what is said (${enum}); that of LANG by default."`
}

func main() {
	localpg.Supervise()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parser, err := newParser(ctx, &cli{})
	if err != nil {
		fail(err)
	}
	parsed, err := parser.Parse(os.Args[1:])
	if err != nil {
		refuse(parser, err)
	}
	if err := parsed.Run(); err != nil && !errors.Is(err, context.Canceled) {
		if n, ok := errors.AsType[notProved](err); ok {
			os.Exit(n.ExitCode())
		}
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "tanggap:", worded(err))
	os.Exit(1)
}
