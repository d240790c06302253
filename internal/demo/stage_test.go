package main

import (
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// from is a getenv that knows these variables alone.
func from(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestStageIsASimulatorUnlessAskedOtherwise(t *testing.T) {
	t.Parallel()
	stage, err := newStage(from(map[string]string{
		civo.EnvToken: "not-to-be-used", civo.EnvEndpoint: "https://api.example.com", civo.EnvRegion: "NYC1",
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stage.close() })

	env := stage.environment()
	if stage.simulator == nil || env[civo.EnvEndpoint] != stage.simulator.URL() || env[civo.EnvToken] != stage.simulator.Token() {
		t.Errorf("the provider is not pointed at a simulator: %s=%s", civo.EnvEndpoint, env[civo.EnvEndpoint])
	}
}

func TestStageWithACredentialIsNotEmpty(t *testing.T) {
	t.Parallel()
	stage, err := newStage(from(nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stage.close() })

	if err := stage.checkEmpty(t.Context()); err != nil {
		t.Errorf("a new simulator is said not to be empty: %v", err)
	}
	stage.simulator.AddCredential(civosim.Credential{Name: "left-behind"})
	if err := stage.checkEmpty(t.Context()); err == nil || !strings.Contains(err.Error(), "left-behind") {
		t.Errorf("got %v, want an error that names what is left", err)
	}
}

func TestLiveStage(t *testing.T) {
	t.Parallel()
	account, err := civosim.Start(civosim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = account.Close() })
	account.AddCredential(civosim.Credential{Name: "someone-elses", Region: "FRA1"})
	getenv := from(map[string]string{
		envLive: "1", civo.EnvToken: account.Token(), civo.EnvEndpoint: account.URL(), civo.EnvRegion: "fra1",
	})

	stage, err := newStage(getenv)
	if err != nil {
		t.Fatal(err)
	}
	if stage.simulator != nil || stage.settings.Region != "fra1" || stage.settings.Endpoint != account.URL() {
		t.Errorf("not the account that the variables name: %s in %s", stage.settings.Endpoint, stage.settings.Region)
	}
	if err := stage.checkEmpty(t.Context()); err != nil {
		t.Errorf("another credential of the account is taken for the demo's: %v", err)
	}
	account.AddCredential(civosim.Credential{Name: stage.name, Region: "FRA1"})
	if err := stage.checkEmpty(t.Context()); err == nil {
		t.Error("the demo's credential is not seen")
	}

	again, err := newStage(getenv)
	if err != nil {
		t.Fatal(err)
	}
	if again.name == stage.name {
		t.Errorf("two demos use the same name, %s", stage.name)
	}
}

func TestLiveStageSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	for name, vars := range map[string]map[string]string{
		"no token":  {envLive: "1", civo.EnvRegion: "LON1"},
		"no region": {envLive: "1", civo.EnvToken: "token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newStage(from(vars))
			if err == nil || !strings.Contains(err.Error(), civo.EnvToken) || !strings.Contains(err.Error(), civo.EnvRegion) {
				t.Errorf("got %v, want an error that names both variables", err)
			}
		})
	}
}
