package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The simulator and its S3 server are for tests and module authors only.
func TestDependencies_NoSimulator(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 100 {
		t.Fatalf("go list printed %d packages", len(packages))
	}
	for _, name := range packages {
		for _, simulator := range []string{"internal/civosim", "internal/ceph", "gofakes3", "go-ceph", "aws-sdk-go"} {
			if strings.Contains(name, simulator) {
				t.Errorf("the provider contains %s", name)
			}
		}
	}
}

func TestLogs_WhoAsks(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]bool{
		"TF_LOG=trace": true, "TF_LOG=JSON": true, "TF_LOG_PROVIDER=debug": true, "TF_LOG_PROVIDER_CIVO=info": true, "TF_LOG_SDK=warn": true,
		"TF_LOG_SDK_PROTO=trace": true, "TF_LOG_SDK_PROTO_DATA_DIR=/tmp/data": true,
		"TF_LOG=": false, "TF_LOG=off": false, "TF_LOG_PROVIDER=OFF": false, "TF_LOG_CORE=trace": false, "TF_LOG_PATH=log": false, "HOME=/": false,
	} {
		if got := asksForLogs(variable); got != want {
			t.Errorf("%s: %t", variable, got)
		}
	}
}

// Not parallel: it changes the environment.
func TestLogs_MutedUnlessAskedFor(t *testing.T) {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_PROVIDER_CIVO"} {
		t.Setenv(name, "")
	}
	t.Setenv("TF_LOG", "debug")
	muteUnreadLogs()
	if got := os.Getenv("TF_LOG_SDK"); got != "" {
		t.Errorf("with TF_LOG, TF_LOG_SDK is %q", got)
	}
	t.Setenv("TF_LOG", "")
	muteUnreadLogs()
	if os.Getenv("TF_LOG_SDK") != "OFF" || os.Getenv("TF_LOG_PROVIDER_CIVO") != "OFF" {
		t.Errorf("without a variable, TF_LOG_SDK is %q", os.Getenv("TF_LOG_SDK"))
	}
}
