package main

import (
	"bytes"
	"fmt"
	"io"
)

// transcript passes on what is written to it and remembers it, so that the demo can check what it has shown.
type transcript struct {
	out io.Writer
	all bytes.Buffer
	err error // of the first write that failed
}

// Write makes the transcript the standard output of Terraform.
func (t *transcript) Write(p []byte) (int, error) {
	t.all.Write(p)
	n, err := t.out.Write(p)
	if err != nil && t.err == nil {
		t.err = err
	}
	return n, err
}

func (t *transcript) printf(format string, args ...any) {
	fmt.Fprintf(t, format, args...) //nolint:errcheck // Write keeps the error, and run returns it
}

// shows reports whether the text has been written.
func (t *transcript) shows(text string) bool {
	return bytes.Contains(t.all.Bytes(), []byte(text))
}
