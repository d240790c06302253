package civo

import (
	"io"
	"log"
	"os"
	"testing"
)

// The provider disables the log of net/http, which quotes what hostile servers send. The tests that start such servers do the
// same.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	os.Exit(m.Run())
}
