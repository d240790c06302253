package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// tour is the demo on its way through its steps.
type tour struct {
	stage *stage
	room  *workspace
	said  *transcript
	opts  options

	terraform terraform
	// applied says that there may be something at Civo that the demo has made.
	applied bool
}

func (t *tour) steps() []step {
	return []step{
		{"The provider is built from this checkout.", t.build},
		{"terraform init installs it, as it would from the registry.", t.init},
		{"terraform plan: one credential is to be made. Its secret access key is sensitive.", t.plan},
		{"terraform apply makes it, waits until it is ready, and reads it back with both data sources.", t.apply},
		{"terraform show: the state, as Terraform prints it. The secret access key is still hidden.", t.show},
		{"The secret access key is in the state for those who ask for it, and in none of the lines above.", t.checkSecret},
		{"terraform plan again: Civo has what the configuration says, so there are no changes.", t.planAgain},
		{"terraform destroy deletes the credential, and waits until it is gone.", t.destroy},
		{"The API itself is asked: the credential is gone.", t.checkGone},
	}
}

func (t *tour) build(ctx context.Context) error {
	if err := t.room.build(ctx); err != nil {
		return err
	}
	example := t.opts.example
	if example == "" {
		example = filepath.Join(t.room.root, "examples", "demo")
	}
	return t.room.configure(example, t.stage.name)
}

func (t *tour) init(ctx context.Context) error {
	path, err := findTerraform(ctx, t.room.tools())
	if err != nil {
		return err
	}
	env := terraformEnv(t.opts.environ, t.stage.environment(), map[string]string{
		"TF_CLI_CONFIG_FILE": t.room.cliConfig(),
		"CHECKPOINT_DISABLE": "1", // no question to Terraform's maker about newer versions
	})
	t.terraform, err = newTerraform(ctx, path, t.room.configuration(), env, t.said)
	if err != nil {
		return err
	}
	if err := t.terraform.quiet.Init(ctx); err != nil {
		return err
	}
	terraformVersion, providers, err := t.terraform.quiet.Version(ctx, true)
	if err != nil {
		return err
	}
	t.said.printf("Terraform %s, with %s %s.\n", terraformVersion, provider.Address, providers[provider.Address])
	return nil
}

func (t *tour) plan(ctx context.Context) error {
	changes, err := t.terraform.loud.Plan(ctx, tfexec.Out(t.room.plan()))
	if err != nil {
		return err
	}
	if !changes {
		return errors.New("the plan has no changes")
	}
	return t.mustShow("(sensitive value)")
}

func (t *tour) apply(ctx context.Context) error {
	t.applied = true
	return t.terraform.loud.Apply(ctx, tfexec.DirOrPlan(t.room.plan()))
}

// show shows the state file: the command for a plan file, the only one here whose output is for people, takes either.
func (t *tour) show(ctx context.Context) error {
	_, err := t.terraform.loud.ShowPlanFileRaw(ctx, t.room.state())
	return err
}

func (t *tour) checkSecret(ctx context.Context) error {
	outputs, err := t.terraform.quiet.Output(ctx)
	if err != nil {
		return err
	}
	var secret string
	if err := json.Unmarshal(outputs["secret_access_key"].Value, &secret); err != nil {
		return fmt.Errorf("reading the output secret_access_key: %w", err)
	}
	if secret == "" {
		return errors.New("the output secret_access_key is empty")
	}
	if t.said.shows(secret) || t.said.shows(t.stage.settings.Token.Reveal()) {
		return errors.New("something secret has been printed")
	}
	t.said.printf("terraform output -json has it: %d characters.\n", len(secret))
	return nil
}

func (t *tour) planAgain(ctx context.Context) error {
	changes, err := t.terraform.loud.Plan(ctx)
	if err != nil {
		return err
	}
	if changes {
		return errors.New("the plan has changes")
	}
	return nil
}

func (t *tour) destroy(ctx context.Context) error {
	if err := t.terraform.loud.Destroy(ctx); err != nil {
		return err
	}
	t.applied = false
	return nil
}

func (t *tour) checkGone(ctx context.Context) error {
	if err := t.stage.checkEmpty(ctx); err != nil {
		return err
	}
	t.said.printf("No credential named %s in %s.\n", t.stage.name, t.stage.settings.Region)
	return nil
}

func (t *tour) mustShow(text string) error {
	if !t.said.shows(text) {
		return fmt.Errorf("%s has not been printed", text)
	}
	return nil
}

// cleanUp destroys what the demo has made, if it ended before it did so itself, and even if that was by Ctrl-C.
func (t *tour) cleanUp(ctx context.Context) error {
	if !t.applied {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	t.said.printf("\nThe demo ends early. What it has made is destroyed.\n")
	// Without a refresh, since what went wrong may be a data source that destroy would read again.
	if err := t.terraform.quiet.Destroy(ctx, tfexec.Refresh(false)); err != nil {
		return fmt.Errorf("destroying the credential %s in %s, which may have to be deleted by hand: %w",
			t.stage.name, t.stage.settings.Region, err)
	}
	return nil
}
