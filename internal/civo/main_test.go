package civo

import (
	"io"
	"log"
	"os"
	"testing"
)

// The provider turns off the log of net/http, which quotes what hostile servers send; so do the tests that start such servers.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	os.Exit(m.Run())
}
