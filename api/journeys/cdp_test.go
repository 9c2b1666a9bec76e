//go:build journeys

package journeys_test

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// ask sends the browser a command of its protocol.
func ask[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.fail("%s: %v", command.Method, err)
	}
	return result
}

// write types where the cursor is.
func (b *tab) write(text string) {
	b.Helper()
	ask(b, input.InsertText, input.InsertTextParams{Text: text})
}

// key presses a key.
func (b *tab) key(keys string) {
	b.Helper()
	b.do(chromedp.KeyEvent(keys))
}
