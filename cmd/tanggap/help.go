package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// newParser is the command line in the language of this run.
func newParser(ctx context.Context, c *cli) (*kong.Kong, error) {
	return kong.New(c, kong.Name("tanggap"), kong.ConfigureHelp(kong.HelpOptions{Compact: true}), lists(),
		kong.Description("Layoff-response casework for Indonesia. "+
			"Settings come from flags or TANGGAP_… variables; see configs/example.env."),
		kong.Help(framed(kong.DefaultHelpPrinter)), kong.ShortHelp(framed(kong.DefaultShortHelpPrinter)),
		kong.PostBuild(func(k *kong.Kong) error { translate(k.Model.Node); return nil }),
		kong.BindTo(ctx, (*context.Context)(nil)))
}

// translate words the help of a command, of its flags and arguments, and of all below it.
func translate(n *kong.Node) {
	n.Help, n.Detail = spoken(n.Help), spoken(n.Detail)
	for _, f := range n.Flags {
		f.Help = spoken(f.Help)
	}
	for _, a := range n.Positional {
		a.Help = spoken(a.Help)
	}
	for _, child := range n.Children {
		translate(child)
	}
}

// frame is what the library prints around the help.
var frame = strings.NewReplacer("Usage: ", "Pemakaian: ", "\nArguments:\n", "\nArgumen:\n", "\nFlags:\n", "\nOpsi:\n",
	"\nCommands:\n", "\nPerintah:\n", " [flags]", " [opsi]", "<command>", "<perintah>",
	" --help\" for more information on a command.", " --help\" untuk keterangan tentang sebuah perintah.",
	" --help\" for more information.", " --help\" untuk keterangan lebih lanjut.", "\nRun \"", "\nJalankan \"")

// framed prints with the frame in the language of this run.
func framed(print kong.HelpPrinter) kong.HelpPrinter {
	if tongue == "en" {
		return print
	}
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		to := ctx.Stdout
		var text bytes.Buffer
		ctx.Stdout = &text
		err := print(options, ctx)
		ctx.Stdout = to
		if err != nil {
			return err
		}
		_, err = io.WriteString(to, frame.Replace(text.String()))
		return err
	}
}

// refuse ends the program that was called wrongly: with how it is called, and what is wrong.
func refuse(parser *kong.Kong, err error) {
	status := 1
	if p, ok := errors.AsType[*kong.ParseError](err); ok {
		status = p.ExitCode()
		_ = framed(kong.DefaultShortHelpPrinter)(kong.HelpOptions{Compact: true}, p.Context) // what is wrong follows
		_, _ = fmt.Fprintln(parser.Stdout)
	}
	_, _ = fmt.Fprintf(os.Stderr, spoken("tanggap: error: %s\n"), worded(err))
	os.Exit(status)
}
