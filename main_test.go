package main

import (
	"os"
	"os/exec"
	"regexp"
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
	simulator := regexp.MustCompile(`internal/(civosim|ceph)|gofakes3|go-ceph|aws-sdk-go`)
	for _, name := range packages {
		if simulator.MatchString(name) {
			t.Errorf("the provider contains %s", name)
		}
	}
}

// The logs of the plugin SDK are off unless a variable requests them. Not parallel: it changes the environment.
func TestLogs_MutedUnlessAskedFor(t *testing.T) {
	for variable, asks := range map[string]bool{
		"TF_LOG=trace": true, "TF_LOG=JSON": true, "TF_LOG_PROVIDER=debug": true, "TF_LOG_PROVIDER_CIVO=info": true, "TF_LOG_SDK=warn": true,
		"TF_LOG_SDK_PROTO=trace": true, "TF_LOG_SDK_PROTO_DATA_DIR=/tmp/data": true,
		"TF_LOG=": false, "TF_LOG=off": false, "TF_LOG_PROVIDER=OFF": false, "TF_LOG_CORE=trace": false, "TF_LOG_PATH=log": false, "HOME=/": false,
	} {
		t.Run(variable, func(t *testing.T) {
			for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_PROVIDER_CIVO"} {
				t.Setenv(name, "")
			}
			name, value, _ := strings.Cut(variable, "=")
			t.Setenv(name, value)
			muteUnreadLogs()
			for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_CIVO"} {
				if isMuted := os.Getenv(name) == "OFF"; isMuted == asks {
					t.Errorf("%s is %q", name, os.Getenv(name))
				}
			}
		})
	}
}
