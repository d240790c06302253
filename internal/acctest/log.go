// Log lines as events.

package acctest

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// OnLog returns a context with which the provider calls a function whenever it logs a line that contains the text. The provider logs each
// attempt at a request before it decides what to do next.
func OnLog(ctx context.Context, text string, do func()) context.Context {
	return tflogtest.RootLogger(ctx, lineWriter(func(line []byte) {
		if bytes.Contains(line, []byte(text)) {
			do()
		}
	}))
}

type lineWriter func(line []byte)

// Write implements io.Writer.
func (w lineWriter) Write(line []byte) (int, error) {
	w(line)
	return len(line), nil
}
