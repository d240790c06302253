package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The environment variable that asks for a real account.
const envLive = "DEMO_LIVE"

// readyAfter is how long the simulator takes to make a credential, so that there is something to wait for.
const readyAfter = 2 * time.Second

// stage is the Civo API that the demo plays on, and the credential it may make there.
type stage struct {
	settings  civo.Settings
	client    *civo.Client    // for looking at what Terraform has done, past Terraform
	simulator *civosim.Server // nil: the API is the real one
	name      string          // of the credential
}

// newStage is a simulator of its own, or a real account if the environment asks for it.
func newStage(getenv func(string) string) (*stage, error) {
	if getenv(envLive) == "1" {
		return newLiveStage(getenv)
	}
	simulator, err := civosim.Start(civosim.Options{ReadyAfter: readyAfter})
	if err != nil {
		return nil, fmt.Errorf("starting the simulator: %w", err)
	}
	s, err := connect(&stage{simulator: simulator, name: "terraform-demo", settings: civo.Settings{
		Token: civo.NewSecret(simulator.Token()), Region: "LON1", Endpoint: simulator.URL(),
	}})
	if err != nil {
		return nil, errors.Join(err, simulator.Close())
	}
	return s, nil
}

// newLiveStage is the account that the environment variables of the provider name.
func newLiveStage(getenv func(string) string) (*stage, error) {
	if getenv(civo.EnvToken) == "" || getenv(civo.EnvRegion) == "" {
		return nil, fmt.Errorf("%s=1 works on a real account: set %s, and %s to the region to use",
			envLive, civo.EnvToken, civo.EnvRegion)
	}
	settings, err := civo.Resolve(civo.Arguments{}, civo.Surroundings{Getenv: getenv})
	if err != nil {
		return nil, err
	}
	// Nothing else of the account can have the name, so nothing else can be taken for the demo's.
	return connect(&stage{settings: settings, name: "terraform-demo-" + strings.ToLower(rand.Text())})
}

// connect gives the stage its client.
func connect(s *stage) (*stage, error) {
	client, err := civo.NewClient(civo.Config{
		Token: s.settings.Token, Endpoint: s.settings.Endpoint, Region: s.settings.Region,
		UserAgent: "terraform-provider-civo demo",
	})
	s.client = client
	return s, err
}

func (s *stage) introduction() string {
	if s.simulator == nil {
		return fmt.Sprintf("This works on a real account, in %s, with a credential named %s.", s.settings.Region, s.name)
	}
	return "This needs no account: a Civo API runs at " + s.settings.Endpoint + " for as long as the demo does."
}

// environment is what points the provider at the API.
func (s *stage) environment() map[string]string {
	return map[string]string{
		civo.EnvToken:    s.settings.Token.Reveal(),
		civo.EnvRegion:   s.settings.Region,
		civo.EnvEndpoint: s.settings.Endpoint,
	}
}

// checkEmpty is an error if the demo's credential is still there; in the simulator, if any is.
func (s *stage) checkEmpty(ctx context.Context) error {
	for credentials, err := range s.client.CredentialPages(ctx, s.settings.Region) {
		if err != nil {
			return err
		}
		for _, credential := range credentials {
			if s.simulator != nil || credential.Name == s.name {
				return fmt.Errorf("the credential %s (%s) is still in %s", credential.Name, credential.ID, s.settings.Region)
			}
		}
	}
	return nil
}

func (s *stage) close() error {
	if s.simulator == nil {
		return nil
	}
	return s.simulator.Close()
}
